"""A second system: the billing department's list, whose ids and spellings are its own."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from banso.demo.customers import Customers
from banso.demo.names import Language, say, words
from banso.demo.people import Member

TWICE = 10
HEADERS: dict[str, dict[Language, Sequence[str]]] = {
    "accounts": {
        "ja": ("請求先コード", "取引先名", "都道府県", "ホームページ"),
        "en": ("customer_no", "company_name", "prefecture", "website"),
    },
    "people": {
        "ja": ("担当者ID", "取引先コード", "氏名", "メールアドレス"),
        "en": ("contact_id", "customer_no", "full_name", "email"),
    },
}
NEW: dict[Language, Sequence[str]] = {"ja": ("㈱花明り製茶",), "en": ("Hanaakari Tea Co., Ltd.",)}


def write_billing(
    out: Path,
    customers: Customers,
    leaders: Mapping[int, Sequence[Member]],
    *,
    rng: np.random.Generator,
    language: Language,
) -> None:
    """Write billing-accounts.csv and billing-people.csv: ten customers that are known already,
    spelled another way, a new one, and three people."""
    companies = [n for n, each in enumerate(customers.called) if not each.person and n in leaders]
    twice = sorted(rng.permutation(companies)[:TWICE].tolist())
    _write(
        out / "billing-accounts.csv", "accounts", language, _accounts(twice, customers, language)
    )
    _write(out / "billing-people.csv", "people", language, _people(twice[:3], leaders, language))


def _accounts(
    twice: Sequence[int], customers: Customers, language: Language
) -> Iterator[tuple[str, ...]]:
    places = words("names")["places"]
    for number, account in enumerate(twice):
        name = respelled(say(customers.called[account].pair, language), number)
        place = say(places[int(customers.place[account])][:2], language) if number % 3 else ""
        site = f"https://www.c{account + 1:05d}.example/" if number % 4 else ""
        yield f"B-{501 + number}", name, place, site
    for number, name in enumerate(NEW[language]):
        yield f"B-{901 + number}", name, "", ""


def _people(
    twice: Sequence[int], leaders: Mapping[int, Sequence[Member]], language: Language
) -> Iterator[tuple[str, ...]]:
    for number, account in enumerate(twice):
        member = leaders[account][0]
        name = member.person.name(language, gap="　")
        yield f"T{number + 1:03}", f"B-{501 + number}", name, member.email.upper()


def respelled(name: str, number: int) -> str:
    """How the billing department writes a name: its own legal form, width and spaces."""
    for full, short in (("株式会社", "㈱"), ("有限会社", "㈲"), ("合同会社", "(同)")):
        if full in name:
            bare = name.replace(full, "").strip()
            return f"{bare}{short}" if number % 2 else f"{short}　{bare}"
    swapped = name.replace(" Co., Ltd.", ", Inc.").replace(" Inc.", " Incorporated")
    return swapped.upper() if number % 2 else swapped


def _write(path: Path, kind: str, language: Language, rows: Iterator[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS[kind][language])
        writer.writerows(rows)
