"""An import taken back."""

import pytest

from banso.actions.models import Action
from banso.engagements.models import Engagement
from banso.events.models import HeldEvents, LakePart
from banso.events.undo import CannotUndo, undo
from tests.events.conftest import ACCOUNTS, CONTRACTS, EVENTS, PEOPLE
from tests.events.dump import dump

CHANGED = (
    "顧客ID,会社名,区分,担当,登録日,業種,最終訪問日\n"
    "C001,株式会社タカサキ,特別,田中,2024-04-02,商社,2026-01-10\n"
    "C003,新しい会社,小口,,,,\n"
)


@pytest.fixture
def company(bring):
    for kind, content in [("accounts", ACCOUNTS), ("people", PEOPLE), ("contracts", CONTRACTS)]:
        assert bring(kind, content).status == "done"
    assert bring("events", EVENTS).status == "done"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("accounts", CHANGED),
        ("people", "person_id,account_id,name,email,title\nP1,C002,高橋 順,new@example.com,部長\n"),
        ("people", "person_id,account_id,name\nP7,C404,待つ人\nP8,C001,新しい人\n"),
        ("contracts", CONTRACTS.replace("12万円", "15万円").replace("更新済", "解約済")),
        ("contacts", "account_id,occurred_at,summary\nC001,2026-01-01,年始\n"),
        ("events", EVENTS.replace("login", "view").replace("2026-02", "2026-03")),
    ],
)
def test_undoing_restores_the_logical_content(bring, company, kind, content):
    before = dump()
    owner = bring(kind, content)
    assert owner.status == "done"
    assert dump() != before
    undo(by=None, owner=owner)
    assert dump() == before
    owner.refresh_from_db()
    assert owner.status == "undone"
    with pytest.raises(CannotUndo):
        undo(by=None, owner=owner)


def test_undoing_the_first_accounts_leaves_an_empty_workspace(bring):
    before = dump()
    owner = bring("accounts", ACCOUNTS)
    undo(by=None, owner=owner)
    assert dump() == before


def test_what_people_built_upon_stays_and_is_named(bring, staff):
    owner = bring("accounts", ACCOUNTS)
    first = Engagement.objects.get(external_ids__value="C001")
    by = staff()
    Action.objects.create(engagement=first, title="電話", owner=by, due_on="2026-02-01")
    undo(by=by, owner=owner)
    assert list(Engagement.objects.all()) == [first]
    kept = owner.changes.filter(kept=True).values_list("table", "row")
    assert set(kept) == {("engagement", first.pk), ("party", first.party_id)}


def test_a_value_changed_since_is_not_put_back(bring):
    bring("accounts", ACCOUNTS)
    owner = bring("accounts", "顧客ID,会社名,区分\nC001,株式会社髙﨑商事,特別\n")
    Engagement.objects.filter(external_ids__value="C001").update(segment="手で直した")
    undo(by=None, owner=owner)
    assert Engagement.objects.get(external_ids__value="C001").segment == "手で直した"
    assert owner.changes.filter(kept=True, table="engagement").count() == 1


def test_events_of_accounts_taken_back_wait_again(bring):
    accounts = bring("accounts", ACCOUNTS)
    bring("events", EVENTS)
    undo(by=None, owner=accounts)
    assert not LakePart.objects.exists()
    assert sum(HeldEvents.objects.values_list("rows", flat=True)) == 3
    bring("accounts", ACCOUNTS)
    assert sum(LakePart.objects.values_list("rows", flat=True)) == 2
