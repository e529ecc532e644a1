"""Columns recognised in real files."""

import csv

import pytest

from banso.core.headers import (
    Kind,
    fits,
    guess_fields,
    guess_header_row,
    guess_kind,
    money_unit,
    names_serve_as_ids,
    normalise,
)
from banso.core.synonyms import SYNONYMS
from tests.shared import shared


def named(kind: Kind, line: str) -> dict[str, str]:
    headers = line.split(",")
    return {field: headers[column] for field, column in guess_fields(kind, headers).items()}


@pytest.mark.parametrize(
    ("file", "kind", "left_out"),
    [("accounts", "accounts", []), ("people", "people", []), ("contracts", "contracts", []),
     ("events_2014", "events", ["product"])],
)  # fmt: skip
def test_the_sample_s_headers_are_guessed_fully(file: str, kind: Kind, left_out: list[str]) -> None:
    with shared(f"data/openstack/{file}.csv").open(encoding="utf-8") as lines:
        headers = next(csv.reader(lines))
    assert guess_kind(headers) == kind
    found = guess_fields(kind, headers)
    assert [h for i, h in enumerate(headers) if i not in found.values()] == left_out
    assert all(headers[i] in (field, "display_name") for field, i in found.items())


def test_a_company_beside_an_id_is_the_name() -> None:
    line = "Account ID,Company,Segment,Annual value,Start date,End date,Owner,Last contact"
    found = named("accounts", line)
    assert (found["account_id"], found["name"]) == ("Account ID", "Company")
    alone = ["Company", "Segment", "Owner"]
    assert names_serve_as_ids("accounts", guess_fields("accounts", alone))


@pytest.mark.parametrize("kind", list(SYNONYMS))
def test_our_own_names_are_known_and_synonyms_are_written_as_compared(kind: Kind) -> None:
    fields = list(SYNONYMS[kind])
    assert guess_fields(kind, fields) == {field: i for i, field in enumerate(fields)}
    for names in SYNONYMS[kind].values():
        assert [normalise(name) for name in names] == list(names)


def test_a_customer_ledger() -> None:
    line = "顧客ID,会社名,区分,業種,契約終了日,担当,最終接点日"
    assert guess_kind(line.split(",")) == "accounts"
    assert named("accounts", line) == {
        "account_id": "顧客ID",
        "name": "会社名",
        "segment": "区分",
        "industry": "業種",
        "owner": "担当",
        "last_contact_on": "最終接点日",
    }
    assert named("contracts", line) == {"account_id": "顧客ID", "end_date": "契約終了日"}
    assert fits("contracts", line.split(","))
    assert not fits("events", line.split(","))


def test_a_list_of_contracts() -> None:
    line = (
        "契約番号,取引先,契約開始日,契約満了日,解約通知期限,月額（円）,席 数,更新区分,担当者,備考"
    )
    assert guess_kind(line.split(",")) == "contracts"
    assert named("contracts", line) == {
        "contract_id": "契約番号",
        "account_id": "取引先",
        "start_date": "契約開始日",
        "end_date": "契約満了日",
        "notice_date": "解約通知期限",
        "mrr": "月額（円）",
        "seats": "席 数",
        "status": "更新区分",
    }


def test_people_events_and_contacts() -> None:
    assert named("people", "氏名,氏名カナ,メール,役職,会社名") == {
        "name": "氏名", "name_kana": "氏名カナ", "person_id": "氏名", "email": "メール",
        "title": "役職", "account_id": "会社名",
    }  # fmt: skip
    events = "発生日時,顧客ID,ユーザーID,イベント,回数,画面"
    assert guess_kind(events.split(",")) == "events"
    assert named("events", events) == {
        "occurred_at": "発生日時", "account_id": "顧客ID", "person_id": "ユーザーID",
        "event": "イベント", "count": "回数",
    }  # fmt: skip
    contacts = "取引先,対応日,手段,先方担当者,担当者,内容"
    assert guess_kind(contacts.split(",")) == "contacts"
    assert named("contacts", contacts) == {
        "account_id": "取引先", "occurred_at": "対応日", "channel": "手段",
        "person": "先方担当者", "staff": "担当者", "summary": "内容",
    }  # fmt: skip


def test_english_headers() -> None:
    line = "Customer ID,Customer Name,Tier,Owner,Last Contact,Created At"
    assert guess_kind(line.split(",")) == "accounts"
    assert named("accounts", line) == {
        "account_id": "Customer ID", "name": "Customer Name", "segment": "Tier",
        "owner": "Owner", "last_contact_on": "Last Contact", "created_at": "Created At",
    }  # fmt: skip


def test_a_name_serves_as_the_id_where_there_is_none() -> None:
    found = guess_fields("accounts", ["会社名", "区分"])
    assert found == {"account_id": 0, "name": 0, "segment": 1}
    assert names_serve_as_ids("accounts", found)
    assert not names_serve_as_ids("accounts", guess_fields("accounts", ["顧客ID", "会社名"]))
    assert not names_serve_as_ids("contracts", guess_fields("contracts", ["会社名", "契約終了日"]))


@pytest.mark.parametrize(
    ("kind", "header", "field"),
    [("contracts", "現契約終了日", "end_date"), ("contracts", "ご契約満了日※", "end_date"),
     ("contracts", "【必須】月額\n（税抜）", "mrr"), ("accounts", "弊社 担当ＣＳ", "owner"),
     ("people", "E-Mail", "email"), ("accounts", "billing_account_id", "account_id")],
)  # fmt: skip
def test_headers_with_more_around_them(kind: Kind, header: str, field: str) -> None:
    assert guess_fields(kind, ["x", header]).get(field) == 1


@pytest.mark.parametrize(
    ("kind", "header", "field"),
    [("contracts", "前回契約終了日", "end_date"), ("accounts", "担当者メール", "owner"),
     ("accounts", "先方担当者", "owner"), ("contracts", "旧月額料金", "mrr"),
     ("accounts", "discovery", "owner")],
)  # fmt: skip
def test_what_only_resembles_a_field_is_left_to_the_person(
    kind: Kind, header: str, field: str
) -> None:
    assert field not in guess_fields(kind, [header])


def test_a_better_name_wins_and_then_the_left_column() -> None:
    assert guess_fields("accounts", ["規模", "区分", "区分"])["segment"] == 1
    assert guess_fields("contracts", ["現契約終了日", "契約終了日"])["end_date"] == 1


@pytest.mark.parametrize("headers", [[], [""], [None, None], ["foo", "bar"], [1, 2.5]])
def test_strange_headers_have_no_kind(headers: list[object]) -> None:
    assert guess_kind(headers) is None


def test_the_header_row_below_titles() -> None:
    rows = [
        ["顧客台帳　2026年度"],
        [],
        ["作成日", None, "2026/4/1"],
        ["顧客ID", "会社名", "区分", "担当"],
        ["C001", "会社", "担当", "田中"],
    ]
    assert guess_header_row(rows) == 3
    assert guess_header_row([["title"], ["x", "y", "z"], ["1", "2", 3]]) == 1
    assert guess_header_row([]) == 0
    assert guess_header_row([[1, 2], [3, 4]]) == 0


@pytest.mark.parametrize(
    ("header", "unit"),
    [("年額(千円)", 1000), ("契約金額（万円）", 10_000), ("売上【百万円】", 1_000_000),
     ("月額（円）", 1),
     ("月額", 1), (None, 1), ("月額（億円）", 100_000_000)],
)  # fmt: skip
def test_the_unit_in_a_header(header: object, unit: int) -> None:
    assert money_unit(header) == unit
