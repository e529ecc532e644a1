"""The files of a synthetic company: same arguments, same bytes; columns and cells importable."""

import csv
import io
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from banso.core.dates import parse_date
from banso.core.headers import Kind, guess_fields, guess_header_row, guess_kind
from banso.core.money import Money
from banso.core.numbers import parse_money
from banso.demo.company import generate
from banso.demo.names import Language
from banso.demo.truth import Truth

TODAY = date(2026, 11, 21)
FIELDS: dict[Kind, set[str]] = {
    "accounts": {
        "account_id", "name", "kind", "segment", "touch", "industry", "region", "owner",
        "created_at",
    },
    "people": {"person_id", "account_id", "name", "title", "email", "first_seen"},
    "contracts": {
        "contract_id", "account_id", "start_date", "end_date", "notice_date", "term_months",
        "plan", "seats", "annual_amount", "currency", "status", "outcome_known_on",
        "previous_contract_id",
    },
    "events": {"occurred_at", "account_id", "person_id", "event", "count"},
    "contacts": {"account_id", "occurred_at", "channel", "person", "staff", "summary"},
}  # fmt: skip
ENCODINGS = {"contracts": "cp932"}
type Company = tuple[Truth, Path]


@pytest.fixture(scope="module")
def japanese(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return _made(tmp_path_factory.mktemp("ja"), "ja")


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return _made(tmp_path_factory.mktemp("en"), "en")


def _made(out: Path, language: Language, customers: int = 240) -> Company:
    return generate(customers=customers, today=TODAY, language=language, out=out), out


def _table(company: Company, kind: str) -> list[list[Any]]:
    truth, out = company
    path = out / truth.files[kind]
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path)["顧客一覧"]
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        return rows[guess_header_row(rows) :]
    ja = truth.language == "ja"
    text = path.read_bytes().decode(ENCODINGS.get(kind, "utf-8-sig") if ja else "utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def _column(company: Company, kind: Kind, field: str) -> list[Any]:
    headers, *rows = _table(company, kind)
    index = guess_fields(kind, headers)[field]
    return [row[index] for row in rows]


def _bytes(company: Company) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in company[1].iterdir() if path.suffix != ".xlsx"}


def test_the_same_arguments_give_the_same_bytes(japanese: Company, tmp_path: Path) -> None:
    again = _made(tmp_path, "ja")
    assert _bytes(again) == _bytes(japanese)
    assert _table(again, "accounts") == _table(japanese, "accounts")
    assert len(_bytes(again)) == 9


def test_another_seed_gives_another_company(japanese: Company, tmp_path: Path) -> None:
    generate(customers=240, seed=7, today=TODAY, language="ja", out=tmp_path)
    assert (tmp_path / "contracts.csv").read_bytes() != _bytes(japanese)["contracts.csv"]


def test_both_languages_tell_of_the_same_company(japanese: Company, english: Company) -> None:
    assert _bytes(japanese)["events.csv"] == _bytes(english)["events.csv"]
    assert japanese[0].losses == english[0].losses
    assert _column(japanese, "people", "email") == _column(english, "people", "email")


@pytest.mark.parametrize("kind", FIELDS)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_field_is_guessed_from_its_header(
    kind: Kind, language: str, japanese: Company, english: Company
) -> None:
    headers = _table(japanese if language == "ja" else english, kind)[0]
    assert guess_kind(headers) == kind
    assert set(guess_fields(kind, headers)) == FIELDS[kind]


def test_the_ledger_is_a_real_one(japanese: Company) -> None:
    truth, out = japanese
    book = openpyxl.load_workbook(out / truth.files["accounts"])
    assert book.sheetnames == ["表紙", "顧客一覧", "担当別件数"]
    assert "架空" in "".join(str(cell.value) for cell in book["顧客一覧"]["A"][:3])
    dates = _column(japanese, "accounts", "created_at")
    texts = " ".join(cell for cell in dates if isinstance(cell, str))
    assert all(each in texts for each in ("平成", "令和", "年１", "/"))
    assert sum(isinstance(cell, datetime) for cell in dates) > 80


def test_every_cell_of_the_ledger_can_be_read_back(japanese: Company, english: Company) -> None:
    plain = [date.fromisoformat(cell) for cell in _column(english, "accounts", "created_at")]
    assert [parse_date(cell) for cell in _column(japanese, "accounts", "created_at")] == plain
    headers, *rows = _table(japanese, "accounts")
    amounts = [parse_money(row[headers.index("年間契約額（税抜）")], "JPY") for row in rows]
    assert all(isinstance(each, Money) and each.minor > 0 for each in amounts)


def test_owners_are_spelt_in_several_ways_but_are_staff(japanese: Company) -> None:
    staff = {each["name"]: each for each in json.loads(_bytes(japanese)["staff.json"])}
    owners = [cell for cell in _column(japanese, "accounts", "owner") if cell]
    assert {"　" in each for each in owners} == {True, False}
    assert {" " in each for each in owners} == {True, False}
    bare = {name.replace(" ", "") for name in staff}
    assert {each.replace(" ", "").replace("　", "") for each in owners} <= bare
    books = sorted(each["customers"] for each in staff.values() if each["customers"])
    assert 8 <= len(staff) <= 12
    assert books[-1] > 2 * books[0]


def test_contracts_hold_characters_that_only_cp932_has(japanese: Company) -> None:
    text = "".join(row[2] for row in _table(japanese, "contracts"))
    assert "㈱" in text
    assert "髙﨑" in text


def test_every_id_leads_somewhere(japanese: Company) -> None:
    accounts = set(_column(japanese, "accounts", "account_id"))
    assert len(accounts) == 240
    for kind in ("people", "contracts", "events", "contacts"):
        assert set(_column(japanese, kind, "account_id")) <= accounts
    people = set(_column(japanese, "people", "person_id"))
    assert set(_column(japanese, "events", "person_id")) <= people
    contracts = _column(japanese, "contracts", "contract_id")
    assert len(set(contracts)) == len(contracts)


def test_no_two_rows_of_events_are_the_same_moment(japanese: Company) -> None:
    rows = [tuple(row[:4]) for row in _table(japanese, "events")]
    assert len(set(rows)) == len(rows) > 30_000


def test_everything_is_fresh_and_nothing_is_from_tomorrow(japanese: Company) -> None:
    moments = [datetime.fromisoformat(at) for at in _column(japanese, "events", "occurred_at")]
    assert max(moments).date() == TODAY
    contacts = [datetime.fromisoformat(at) for at in _column(japanese, "contacts", "occurred_at")]
    assert (TODAY - max(contacts).date()).days <= 3
    assert max(contacts).date() < TODAY
    assert all(at.weekday() < 5 for at in contacts)
    known = [cell for cell in _column(japanese, "contracts", "outcome_known_on") if cell]
    assert max(map(date.fromisoformat, known)) <= TODAY


def test_contract_rows_agree_with_the_truth(japanese: Company) -> None:
    truth = japanese[0]
    status = _column(japanese, "contracts", "status")
    account = _column(japanese, "contracts", "account_id")
    at = list(zip(account, status, strict=True))
    assert sorted({who for who, what in at if what == "更新手続中"}) == truth.pending
    assert len(truth.pending) >= 2
    assert len(truth.renewals_in_90_days) >= 10
    known = [each for each in (*truth.losses, *truth.upcoming) if each.known_on <= truth.today]
    assert status.count("解約") == len(known)
    assert status.count("更新済") + status.count("解約") >= 30
    assert truth.reactivations


def test_contracts_of_a_customer_follow_each_other(english: Company) -> None:
    fields = ("account_id", "start_date", "end_date", "notice_date")
    ends: dict[str, str] = {}
    for who, start, end, notice in zip(
        *(_column(english, "contracts", f) for f in fields), strict=True
    ):
        assert ends.get(who, "") <= start < notice < end
        ends[who] = end


def test_losses_of_the_last_year_and_the_planted_oddities(japanese: Company) -> None:
    truth = japanese[0]
    assert 10 <= truth.growth.lost <= 19
    assert {each.kind for each in truth.losses} == {"gradual", "silent"}
    assert len(truth.without_usage) >= 2
    assert not set(truth.without_usage) & set(_column(japanese, "events", "account_id"))
    assert truth.champions_left
    assert truth.synthetic


def test_champions_make_no_more_events_after_they_left(japanese: Company) -> None:
    first: dict[str, str] = {}
    for account, person in zip(_column(japanese, "people", "account_id"),
                               _column(japanese, "people", "person_id"), strict=True):  # fmt: skip
        first.setdefault(account, person)
    last: dict[str, str] = {}
    for row in _table(japanese, "events")[1:]:
        last[row[2]] = max(last.get(row[2], ""), row[0])
    for account, left in japanese[0].champions_left.items():
        assert last.get(first[account], "") < left


def test_purposes_are_told_in_different_words_by_somebody_there(
    japanese: Company, english: Company
) -> None:
    told = json.loads(_bytes(japanese)["purposes.json"])
    words = [each["words"] for each in told]
    assert len(set(words)) == len(words) >= 15
    assert {each["person_id"] for each in told} <= set(_column(japanese, "people", "person_id"))
    assert all(each["said_on"] <= TODAY.isoformat() for each in told)
    high = _column(japanese, "accounts", "touch").count("ハイタッチ")
    assert 0 < sum(each["touch"] == "high" for each in told) < high
    translated = json.loads(_bytes(english)["purposes.json"])
    assert [each["account_id"] for each in translated] == [each["account_id"] for each in told]
    assert not {each["words"] for each in translated} & set(words)


def test_contact_notes_vary_and_fit_their_channel(japanese: Company) -> None:
    notes = _column(japanese, "contacts", "summary")
    channels = _column(japanese, "contacts", "channel")
    assert len(notes) > 500
    assert len(set(notes)) > 300
    assert not any("{" in each for each in notes)
    visits = [how for how, note in zip(channels, notes, strict=True) if note.startswith("訪問")]
    assert set(visits) == {"訪問"}


@pytest.mark.parametrize("customers", [40, 41, 1000])
def test_any_number_of_customers(customers: int, tmp_path: Path) -> None:
    made = _made(tmp_path, "en", customers)
    assert len(set(_column(made, "accounts", "account_id"))) == customers
    assert len({row[2] for row in _table(made, "contacts")}) > 3
    assert json.loads((tmp_path / "truth.json").read_text())["customers"] == customers


def test_fewer_than_forty_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least 40"):
        generate(customers=39, today=TODAY, language="ja", out=tmp_path / "none")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("day", [date(2027, 4, 1), date(2028, 2, 29), date(2026, 12, 31)])
def test_any_day_is_a_good_day_to_begin(day: date, tmp_path: Path) -> None:
    truth = generate(customers=240, today=day, language="ja", out=tmp_path, events=False)
    assert len(truth.pending) >= 2
    assert 8 <= truth.growth.lost <= 20
    assert truth.reactivations
    assert "events" not in truth.files
