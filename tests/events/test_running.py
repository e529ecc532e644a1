"""An import from its upload to its end."""

from datetime import date, datetime

import pytest

from banso.actions.models import Contact
from banso.base.models import Activity, Role, Workspace
from banso.base.search import found
from banso.engagements.models import Contract, Engagement
from banso.events import lake
from banso.events.actions import name_staff
from banso.events.models import ExternalId, HeldEvents, HeldRow, LakePart
from banso.parties.models import Membership, Party
from tests.events.broken import sheet
from tests.events.conftest import ACCOUNTS, CONTRACTS, EVENTS, PEOPLE, counts
from tests.events.dump import dump


def test_accounts_become_parties_with_an_engagement_each(bring, staff):
    sato = staff(Role.SUCCESS, name="佐藤 花子")
    owner = bring("accounts", ACCOUNTS)
    assert counts(owner) == (2, 2, 0, 0, 0, 0)
    first = Engagement.objects.get(external_ids__value="C001")
    assert (first.party.name, first.segment, first.owner) == ("株式会社髙﨑商事", "大口", sato)
    second = Engagement.objects.get(external_ids__value="C002")
    assert second.party.name == "山田①工業㈱"
    assert (second.owner, second.owner_name) == (None, "鈴木 一郎")
    assert second.started_on == date(2013, 10, 1)
    assert list(found("engagement", "山田")) == [second.pk]
    assert list(found("engagement", "c001")) == [first.pk]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_rare_characters_come_through_in_each_encoding(bring, encoding):
    bring("accounts", ACCOUNTS.encode(encoding))
    names = set(Party.objects.values_list("name", flat=True))
    assert names == {"株式会社髙﨑商事", "山田①工業㈱"}


def test_sheets_of_a_workbook_are_found_and_the_others_named(bring):
    rows = [["顧客台帳"], [], ["顧客ID", "会社名", "区分"], ["C1", "髙﨑㈱", "大口"]]
    book = sheet([["表紙"], ["2026年"]], 顧客=rows, 契約=[["契約ID", "顧客ID", "契約終了日"]])
    owner = bring("accounts", book, name="台帳.xlsx")
    assert (owner.status, owner.sheet, owner.header_row) == ("done", "顧客", 3)
    assert owner.inspection["others"] == ["Sheet", "契約"]
    assert Party.objects.get().name == "髙﨑㈱"


def test_contracts_are_read_as_people_write_them(bring):
    bring("accounts", ACCOUNTS)
    assert counts(bring("contracts", CONTRACTS)) == (2, 2, 0, 0, 0, 0)
    first = Contract.objects.get(reference="K1")
    assert (first.end_on, first.seats, first.annual_minor) == (date(2026, 3, 31), 12, 14_400_000)
    assert (first.outcome, first.outcome_known_on) == ("renewed", date(2026, 3, 31))
    assert Contract.objects.get(reference="K2").outcome == ""


def test_the_same_file_again_changes_nothing(bring):
    files = [("accounts", ACCOUNTS), ("people", PEOPLE), ("contracts", CONTRACTS)]
    files.append(("events", EVENTS))
    for kind, content in files:
        bring(kind, content)
    before = dump()
    for kind, content in files:
        owner = bring(kind, content)
        assert owner.duplicates + owner.conflicts == owner.lines, kind
    assert dump() == before


def test_rows_of_unknown_accounts_wait_for_the_account(bring):
    bring("accounts", ACCOUNTS)
    assert counts(bring("people", PEOPLE)) == (2, 1, 0, 1, 0, 0)
    events = bring("events", EVENTS)
    assert counts(events) == (5, 2, 0, 1, 1, 1)
    assert (HeldRow.objects.count(), HeldEvents.objects.get().account) == (1, "C404")
    bring("accounts", "account_id,name\nC009,森商店\nC404,見つかった会社\n")
    assert not HeldRow.objects.exists()
    assert not HeldEvents.objects.exists()
    assert Membership.objects.filter(person__name="森 あい", home__name="森商店").exists()
    assert sum(LakePart.objects.values_list("rows", flat=True)) == 3
    events.refresh_from_db()
    assert (events.on_hold, events.held_months) == (1, {})


def test_events_keep_weight_properties_and_the_local_day(bring):
    bring("accounts", ACCOUNTS)
    bring("events", EVENTS)
    names = [(row.source, row.account) for row in lake.accounts() if row.account == "C001"]
    from banso.engine.measure import occurrences

    every = {"since": date(2025, 1, 1), "until": date(2027, 1, 1)}
    [login] = occurrences(lake.files(None, date(2027, 1, 1)), names, **every)
    assert (login.at, login.count) == (datetime.fromisoformat("2026-01-05T00:00:00Z"), 1)
    assert dict(login.properties) == {"product": "web"}
    assert Workspace.objects.get().usage_connected
    assert lake.connected(date(2026, 1, 5))
    assert not lake.connected(date(2026, 1, 4))
    assert lake.missing() == []


def test_a_conflict_is_named_and_the_first_row_stays(bring):
    owner = bring("accounts", "account_id,name\nA,一\nB,二\nA,一\nA,三\n")
    assert counts(owner) == (4, 2, 0, 0, 1, 1)
    [problem] = owner.problems.all()
    assert (problem.line, problem.code, problem.params) == (5, "conflict", {"first_line": 2})
    assert Party.objects.filter(name="三").count() == 0


def test_a_later_file_updates_what_it_says_and_leaves_the_rest(bring):
    bring("accounts", ACCOUNTS)
    owner = bring("accounts", "顧客ID,会社名,区分\nC001,株式会社髙﨑商事,中堅\nC002,山田①工業㈱,\n")
    assert counts(owner) == (2, 2, 0, 0, 0, 0)
    first = Engagement.objects.get(external_ids__value="C001")
    assert (first.segment, first.owner_name) == ("中堅", "佐藤花子")
    assert Engagement.objects.get(external_ids__value="C002").segment == "中小"


def test_bad_rows_refuse_the_whole_file_and_change_nothing_else(bring):
    bring("accounts", ACCOUNTS)
    before = dump()
    owner = bring("contracts", CONTRACTS + "K3,C002,2025-13-01,2026-09-30,1,1,\n")
    assert (owner.status, counts(owner)) == ("refused", (3, 0, 3, 0, 0, 0))
    [problem] = owner.problems.all()
    assert (problem.line, problem.column, problem.code) == (4, "契約開始日", "no_such_date")
    assert problem.found == "2025-13-01"
    assert dump() == before
    assert Activity.objects.filter(verb="import.refused", subject_id=owner.pk).count() == 1


def test_skip_bad_takes_the_good_rows(bring):
    bring("accounts", ACCOUNTS)
    bad = CONTRACTS + "K3,C002,2025-13-01,2026-09-30,1,1,\n"
    owner = bring("contracts", bad, skip_bad=True)
    assert (owner.status, counts(owner)) == ("done", (3, 2, 1, 0, 0, 0))
    assert owner.problems.count() == 1


def test_a_ledger_brings_contracts_and_last_contacts_along(bring):
    ledger = (
        "顧客台帳 2026年,,,,,\n,,,,,\n"
        "会社名,区分,契約終了日,年額(千円),最終訪問日,担当\n"
        '㈱青空,大口,2026年3月末,"1,200",2026/1/15,佐藤\n'
        "森商店,小口,R8.9.30,300,,\n"
    )
    owner = bring("accounts", ledger)
    assert counts(owner) == (2, 2, 0, 0, 0, 0)
    first = Engagement.objects.get(party__name="㈱青空")
    contract = first.contracts.get()
    assert (contract.start_on, contract.end_on) == (date(2025, 3, 31), date(2026, 3, 31))
    assert contract.annual_minor == 1_200_000
    contact = Contact.objects.get()
    assert (contact.engagement, contact.channel) == (first, "other")
    assert contact.occurred_at.isoformat() == "2026-01-14T15:00:00+00:00"
    assert counts(bring("accounts", ledger)) == (2, 0, 0, 0, 2, 0)


def test_rows_may_mean_an_account_by_its_name(bring):
    bring("accounts", ACCOUNTS)
    people = "会社名,氏名\n髙﨑商事株式会社,一人目\n山田①工業(株),二人目\n"
    assert counts(bring("people", people)) == (2, 2, 0, 0, 0, 0)
    assert Membership.objects.filter(home__name="山田①工業㈱").count() == 1


def test_events_may_mean_an_account_by_its_name(bring):
    bring("accounts", ACCOUNTS)
    rows = "日時,会社名,イベント\n2026-01-05,髙﨑商事（株）,ログイン\n2026-01-06,C001,ログイン\n"
    assert counts(bring("events", rows)) == (2, 2, 0, 0, 0, 0)
    assert counts(bring("events", rows)) == (2, 0, 0, 0, 2, 0)
    names = {row.account for row in lake.accounts() if row.key == lake.accounts()[0].key}
    assert names == {"C001", "髙﨑商事（株）"}


def test_contacts_link_people_the_account_knows(bring, staff):
    sato = staff(name="佐藤 花子")
    bring("accounts", ACCOUNTS)
    bring("people", PEOPLE)
    rows = "顧客ID,対応日,手段,先方担当者,対応者,内容\n"
    rows += "C001,2026-01-15 14:00,電話,高橋純,佐藤花子,更新の相談\n"
    rows += "C001,2026-01-16,訪問,誰か,,近況\n"
    owner = bring("contacts", rows)
    assert counts(owner) == (2, 2, 0, 0, 0, 0)
    call, visit = Contact.objects.order_by("occurred_at")
    assert (call.channel, call.by, call.summary) == ("call", sato, "更新の相談")
    assert [party.name for party in call.people.all()] == ["高橋 純"]
    assert (visit.channel, visit.summary) == ("visit", "[誰か] 近況")
    assert counts(bring("contacts", rows)) == (2, 0, 0, 0, 2, 0)


def test_a_name_given_to_a_colleague_is_remembered(bring, staff):
    suzuki = staff(name="S. Suzuki")
    name_staff(by=suzuki, name="鈴木　一郎", user=suzuki)
    bring("accounts", ACCOUNTS)
    assert Engagement.objects.get(external_ids__value="C002").owner == suzuki


def test_previous_contracts_are_linked_in_any_order(bring):
    bring("accounts", ACCOUNTS)
    rows = "contract_id,account_id,start_date,end_date,previous_contract_id\n"
    rows += "N,C001,2026-01-01,2027-01-01,O\nO,C001,2025-01-01,2026-01-01,\n"
    bring("contracts", rows)
    assert Contract.objects.get(reference="N").previous.reference == "O"
    assert ExternalId.objects.filter(kind="contract").count() == 2
