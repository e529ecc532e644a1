"""Files and a short way to import them as the worker does."""

import io
from pathlib import Path

import pytest

ACCOUNTS = (
    "顧客ID,会社名,区分,担当,登録日\n"
    "C001,株式会社髙﨑商事,大口,佐藤花子,2024-04-01\n"
    "C002,山田①工業㈱,中小,鈴木 一郎,平成25年10月1日\n"
)
PEOPLE = "person_id,account_id,name,email\nP1,C001,高橋 純,jun@example.com\nP2,C009,森 あい,\n"
CONTRACTS = (
    "契約ID,顧客ID,契約開始日,契約終了日,月額,席数,更新区分\n"
    'K1,C001,2025-04-01,2026年3月末,"¥1,200,000",１２,更新済\n'
    "K2,C002,2025-10-01,2026-09-30,12万円,5,継続中\n"
)
EVENTS = (
    "occurred_at,account_id,person_id,event,product,count\n"
    "2026-01-05T09:00:00+09:00,C001,P1,login,web,1\n"
    "2026-01-05T09:00:00+09:00,C001,P1,login,web,1\n"
    "2026-01-05T09:00:00+09:00,C001,P1,login,web,3\n"
    "2026-02-05 10:00,C002,P9,export,app,2\n"
    "2026-02-06 10:00,C404,P9,export,app,2\n"
)


@pytest.fixture
def bring(workspace):
    """bring("accounts", content, name="a.csv", skip_bad=False): the import after the worker."""
    from banso.base.jobs import run_all
    from banso.base.models import User
    from banso.events.actions import confirm, default_source, upload

    default_source()
    User.objects.create_user("importer@example.com", name="取込担当")

    def work(kind, content, *, name="file.csv", skip_bad=False, by=None):
        by = by or User.objects.get(email="importer@example.com")
        data = content.encode() if isinstance(content, str) else content
        data = Path(data).read_bytes() if isinstance(data, Path) else data
        owner = upload(by=by, stream=io.BytesIO(data), name=name, kind=kind)
        if owner.status == "ready":
            confirm(by=by, owner=owner, skip_bad=skip_bad)
            run_all()
        owner.refresh_from_db()
        return owner

    return work


COUNTS = ("lines", "imported", "rejected", "on_hold", "duplicates", "conflicts")


def counts(owner):
    return tuple(getattr(owner, name) for name in COUNTS)


@pytest.fixture(autouse=True)
def _without_rounds(monkeypatch):
    """What higher rooms do after an import is tested there."""
    monkeypatch.setattr("banso.events.after.AFTER_IMPORT", [])
