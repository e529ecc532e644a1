"""CSV and JSON as other people's systems export them."""

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from banso.demo import names
from banso.demo.book import CHURNED, EPOCH, OPEN, RENEWED, Book, day_number
from banso.demo.contacts import Contact
from banso.demo.customers import TOUCHES, Customers
from banso.demo.names import Language, say, words
from banso.demo.people import Member, Purpose
from banso.demo.usage import EVENTS, PRODUCTS, Usage

HEADERS: dict[str, dict[Language, Sequence[str]]] = {
    "people": {
        "en": ("person_id", "account_id", "name", "title", "email", "first_seen"),
        "ja": ("利用者ID", "顧客ID", "氏名", "役職", "メールアドレス", "初回利用日"),
    },
    "contracts": {
        "en": (
            "contract_id", "account_id", "account_name", "start_date", "end_date", "notice_date",
            "term_months", "plan", "seats", "annual_amount", "currency", "status",
            "outcome_known_on", "previous_contract_id",
        ),
        "ja": (
            "契約番号", "顧客ID", "会社名", "契約開始日", "契約更新日", "解約通知期限",
            "契約期間（月）", "プラン", "席数", "年間契約額", "通貨", "契約状態",
            "結果判明日", "前回契約番号",
        ),
    },
    "contacts": {
        "en": ("occurred_at", "account_id", "channel", "person", "staff", "summary"),
        "ja": ("接点日時", "顧客ID", "手段", "ご担当者", "当社担当", "内容"),
    },
}  # fmt: skip
EVENT_HEADERS = (
    "occurred_at", "account_id", "person_id", "event", "count", "product", "minutes",
)  # fmt: skip


def write_json(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def write_people(path: Path, members: Iterable[Member], language: Language) -> Path:
    titles = words("names")["titles"]
    rows = (
        (each.id, f"C{each.account + 1:05d}", each.person.name(language),
         say(titles[each.title], language), each.email, iso(each.since))
        for each in members
    )  # fmt: skip
    return _write(path, HEADERS["people"][language], rows, encoding="utf-8-sig")


def write_contracts(
    path: Path, book: Book, customers: Customers, *, today: date, language: Language
) -> Path:
    """The contracts signed by today. The Japanese file is CP932, as old systems export it."""
    chosen = np.flatnonzero(book.shown(today))
    outcome = book.outcome(today)
    rows = (
        _contract(int(row), int(outcome[row]), book, customers, today=today, language=language)
        for row in chosen
    )
    encoding = "cp932" if language == "ja" else "utf-8"
    return _write(path, HEADERS["contracts"][language], rows, encoding=encoding)


def _contract(
    row: int, outcome: int, book: Book, customers: Customers, *, today: date, language: Language
) -> tuple[object, ...]:
    account, previous = int(book.account[row]), int(book.previous[row])
    annual = int(book.annual[row])
    return (
        f"K{row + 1:06d}",
        customers.ids[account],
        _short(say(customers.called[account].pair, language), account),
        slashed(int(book.start[row])) if language == "ja" else iso(int(book.start[row])),
        slashed(int(book.end[row])) if language == "ja" else iso(int(book.end[row])),
        slashed(int(book.notice[row])) if language == "ja" else iso(int(book.notice[row])),
        int(book.months[row]),
        plan(annual, language),
        int(book.seats[row]),
        f"{annual:,}円" if language == "ja" else annual,
        "JPY",
        status(outcome, int(book.end[row]) <= day_number(today), language),
        iso(int(book.known[row])) if outcome != OPEN else "",
        f"K{previous + 1:06d}" if previous >= 0 else "",
    )


def _short(name: str, account: int) -> str:
    """The accounts department writes ㈱."""
    return name.replace("株式会社", "㈱").replace("有限会社", "㈲") if account % 3 else name


def status(outcome: int, over: bool, language: Language) -> str:
    if outcome == RENEWED:
        return say(["更新済", "renewed"], language)
    if outcome == CHURNED:
        return say(["解約", "churned"], language)
    return say(["更新手続中", "pending"] if over else ["契約中", "active"], language)


def plan(annual: int, language: Language) -> str:
    code = "enterprise" if annual >= 15e6 else "standard" if annual >= 1e6 else "light"
    return say(words("names")["plans"][code], language)


def write_contacts(
    path: Path, contacts: Iterable[Contact], customers: Customers, language: Language
) -> Path:
    rows = (_contact(each, customers, language) for each in contacts)
    return _write(path, HEADERS["contacts"][language], rows, encoding="utf-8-sig")


def _contact(contact: Contact, customers: Customers, language: Language) -> tuple[str, ...]:
    owner = int(customers.owner[contact.account])
    person = contact.with_whom.person
    moment = str(np.array(contact.second).astype("datetime64[s]")).replace("T", " ")[:16]
    return (
        moment,
        customers.ids[contact.account],
        say(words("names")["channels"][contact.channel], language),
        person.name(language),
        customers.staff[owner].person.name(language) if owner >= 0 else "",
        say(contact.pair, language).format(person=person.surname_in(language)),
    )


def write_events(path: Path, runs: Iterable[Usage], customers: Customers) -> Path:
    """One row per person, day and event, in local time; run by run, never all in memory."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(EVENT_HEADERS)
        for usage in runs:
            writer.writerows(_events(usage, customers))
    return path


def _events(usage: Usage, customers: Customers) -> Iterable[tuple[object, ...]]:
    moments = np.datetime_as_string(usage.second.astype("datetime64[s]")).tolist()
    minutes = np.where(usage.minutes > 0, usage.minutes.astype(str), "").tolist()
    return zip(
        [moment.replace("T", " ") for moment in moments],
        [customers.ids[account] for account in usage.account.tolist()],
        [f"U{person + 1:06d}" for person in usage.person.tolist()],
        [EVENTS[event] for event in usage.event.tolist()],
        usage.count.tolist(),
        [PRODUCTS[event] for event in usage.event.tolist()],
        minutes,
        strict=True,
    )


def staff(customers: Customers, language: Language) -> list[dict[str, object]]:
    """Who signs in, with the size of each one's book."""
    books = np.bincount(customers.owner[customers.owner >= 0], minlength=len(customers.staff))
    return [
        {
            "name": each.person.name(language),
            "email": each.email,
            "role": each.role,
            "customers": int(books[number]),
        }
        for number, each in enumerate(customers.staff)
    ]


def purposes(told: Iterable[Purpose], customers: Customers, language: Language) -> list[object]:
    titles = words("names")["titles"]
    return [
        {
            "account_id": customers.ids[each.account],
            "words": say(each.pair, language),
            "person_id": each.said_by.id,
            "said_by": each.said_by.person.name(language),
            "title": say(titles[each.said_by.title], language),
            "said_on": iso(each.said_on),
            "touch": TOUCHES[int(customers.touch[each.account])],
        }
        for each in told
    ]


def company(language: Language) -> dict[str, str]:
    told = names.COMPANIES[language]
    return {"name": told.name, "product": told.product, "notice": told.notice}


def iso(day: int) -> str:
    return date.fromordinal(EPOCH + day).isoformat()


def slashed(day: int) -> str:
    """2026/4/1, as spreadsheets show it."""
    told = date.fromordinal(EPOCH + day)
    return f"{told.year}/{told.month}/{told.day}"


def _write(
    path: Path, headers: Sequence[str], rows: Iterable[Sequence[object]], *, encoding: str
) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n" if encoding == "cp932" else "\n")
        writer.writerow(headers)
        writer.writerows(rows)
    return path
