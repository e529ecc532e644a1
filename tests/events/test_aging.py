"""Events are kept for so many months: what is older goes, and does not come in."""

import pytest
import time_machine

from banso.base.models import Workspace
from banso.engine.connect import connect, parquet
from banso.events import parts
from banso.events.aging import drop_old
from banso.events.barred import kept_from, kept_since
from banso.events.loading import load_all
from banso.events.models import ExternalId, HeldEvents, LakePart, RetiredFile, Source
from tests.events.conftest import ACCOUNTS
from tests.events.received import held, send, told

ROWS = [("a1", "07-31", "C001"), ("a2", "08-01", "C001"), ("a3", "06-01", "C404")]
EVENTS = "event_id,occurred_at,account_id,event\n" + "".join(
    f"{message},2026-{day}T09:00:00+09:00,{account},login\n" for message, day, account in ROWS
)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel("2026-11-21T10:00:00+09:00", tick=False):
        yield


@pytest.mark.parametrize(
    ("months", "zone", "since"),
    [
        (None, "Asia/Tokyo", None),
        (1, "Asia/Tokyo", "2026-10-01"),
        (11, "Asia/Tokyo", "2025-12-01"),
        (24, "America/New_York", "2024-11-01"),
    ],
)
def test_whole_months_are_kept(workspace, months, zone, since):
    workspace.event_months, workspace.timezone = months, zone
    found = kept_since(workspace)
    assert (found and found.isoformat()) == since
    begins = kept_from(workspace)
    assert begins is None or (begins.date() == found and str(begins.tzinfo) == zone)


def test_what_is_older_goes_and_does_not_come_back(bring):
    bring("accounts", ACCOUNTS)
    owner = bring("events", EVENTS)
    assert (owner.imported, owner.on_hold) == (2, 1)
    source = Source.objects.get(key="files")
    days = ("", "2026-07-31T14:59", "2026-07-31T15:00", "2026-11-20T00:00")
    send(source, *(told(source.pk, f"r{n}", f"{day}+00:00") for n, day in enumerate(days) if n))
    load_all()
    assert drop_old() == 0
    Workspace.objects.update(event_months=3)
    assert drop_old() == 2
    assert [message for (message,) in held("message")] == ["a2", "r2", "r3"]
    assert RetiredFile.objects.filter(path__contains="2026-07").count() == 2
    assert not HeldEvents.objects.exists()
    owner.refresh_from_db()
    assert owner.held_months == {}
    with connect(parts.staged_path(owner)) as connection:
        staged = connection.execute(f"select message from {parquet([parts.staged_path(owner)])}")
        assert staged.fetchall() == [("a2",)]
    ExternalId.objects.create(
        source=source, kind="account", value="C404",
        engagement=ExternalId.objects.get(kind="account", value="C001").engagement,
    )  # fmt: skip
    send(source, told(source.pk, "r0", "2026-05-05T00:00Z"))
    load_all()
    again = bring("events", EVENTS.replace("\na", "\nb"), name="again.csv")
    assert (again.imported, again.rejected, again.on_hold) == (1, 2, 0)
    assert [(each.code, each.params) for each in again.problems.all()] == [
        ("not_kept", {"rows": 2})
    ]
    assert [message for (message,) in held("message")] == ["a2", "b2", "r2", "r3"]
    assert drop_old() == 0


def test_the_next_month_another_one_goes(workspace):
    source = Source.objects.create(key="product", name="Product")
    send(source, told(source.pk, "m", "2026-08-10T00:00Z"))
    load_all()
    Workspace.objects.update(event_months=3)
    assert drop_old() == 0
    with time_machine.travel("2026-12-01T10:00:00+09:00", tick=False):
        assert drop_old() == 1
    assert not LakePart.objects.exists()
    assert not Workspace.objects.get().usage_connected
