"""The derived company as files for the importers, under other names.

Every id is a keyed hash whose random key is kept nowhere; every name is drawn from the demo's
own lists and marked as an alias. Days are all that stays of times.
"""

import csv
import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from banso.demo import names
from banso.demo.git_accounts import TERM_MONTHS, Account, Derived, Term
from banso.demo.names import Language

MONTHLY_SEAT = 10_000
"""Yen for a seat and month; the price is invented, the seats are not."""
TEAM = 5
OWNED = ("corporate", "academic")
ALIAS = {"ja": "{}（仮名）", "en": "{} (alias)"}


@dataclass(frozen=True)
class Colleague:
    name: str
    email: str
    role: str


class Aliases:
    """Other names for keys: the same within one derivation, never again after it."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.key = secrets.token_bytes(32)
        self.rng = np.random.default_rng(secrets.randbits(128))

    def id(self, kind: str, key: str) -> str:
        digest = hashlib.blake2b(key.encode("utf-8", "replace"), key=self.key, digest_size=6)
        return f"{kind}_{digest.hexdigest()}"

    def companies(self, n: int) -> list[str]:
        industry = names.industries(np.full(n, 10_000_000), rng=self.rng)
        called = names.customers(industry, rng=self.rng)
        return [self.marked(names.say(each.pair, self.language)) for each in called]

    def people(self, n: int) -> list[str]:
        drawn = names.strangers(n, rng=self.rng)
        return [self.marked(each.name(self.language)) for each in drawn]

    def marked(self, name: str) -> str:
        return ALIAS[self.language].format(name)


def staff(language: Language) -> list[Colleague]:
    """An administrator, a manager and three success managers, all invented."""
    roles = ["admin", "manager", "success_manager", "success_manager", "success_manager"]
    drawn = names.colleagues(len(roles), rng=np.random.default_rng(20260401))
    domain = names.COMPANIES[language].domain
    return [
        Colleague(each.name(language), f"{each.mailbox()}@{domain}", role)
        for each, role in zip(drawn, roles, strict=True)
    ]


def write_files(out: Path, derived: Derived, *, language: Language, today: date) -> list[Path]:
    """accounts, people, contracts and events as CSV in `out`, their days moved by whole weeks so
    that the history ends in the week before today."""
    aliases = Aliases(language)
    move = shift_to(today, derived.last)
    ordered = sorted(derived.accounts.values(), key=lambda each: aliases.id("a", each.key))
    owners = [each.name for each in staff(language) if each.role == "success_manager"]
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    return [
        write(out / "accounts.csv", accounts(ordered, aliases, owners, move)),
        write(out / "people.csv", people(ordered, aliases, move)),
        write(out / "contracts.csv", contracts(ordered, aliases, move)),
        write(out / "events.csv", events(derived, aliases, move)),
    ]


def shift_to(today: date, last: date) -> timedelta:
    """Whole weeks that bring the newest day into the week before today; weekdays stay."""
    return timedelta(days=max(0, (today - last).days // 7 * 7))


def accounts(
    ordered: Sequence[Account], aliases: Aliases, owners: Sequence[str], move: timedelta
) -> Iterable[Sequence[object]]:
    yield "account_id", "name", "segment", "touch", "owner", "created_at"
    companies = iter(aliases.companies(len(ordered)))
    persons = iter(aliases.people(len(ordered)))
    for number, each in enumerate(ordered):
        name = next(persons if each.segment == "individual" else companies)
        owned = each.segment in OWNED
        touch = "tech" if not owned else "high" if len(each.people) >= TEAM else "low"
        owner = owners[number % len(owners)] if owned else ""
        yield account_id(each, aliases), name, each.segment, touch, owner, each.first + move


def account_id(account: Account, aliases: Aliases) -> str:
    return aliases.id("ind" if account.segment == "individual" else "org", account.key)


def people(
    ordered: Sequence[Account], aliases: Aliases, move: timedelta
) -> Iterable[Sequence[object]]:
    yield "person_id", "account_id", "name", "first_seen"
    drawn = iter(aliases.people(sum(len(each.people) for each in ordered)))
    for each in ordered:
        ids = sorted((aliases.id("p", address), day) for address, day in each.people.items())
        for person, day in ids:
            yield person, account_id(each, aliases), next(drawn), day + move


def contracts(
    ordered: Sequence[Account], aliases: Aliases, move: timedelta
) -> Iterable[Sequence[object]]:
    yield (
        "contract_id", "account_id", "start_date", "end_date", "term_months", "plan", "seats",
        "mrr", "currency", "status", "previous_contract_id",
    )  # fmt: skip
    for each in ordered:
        account = account_id(each, aliases)
        for place, term in enumerate(each.terms):
            before = "" if term.previous is None else f"c_{account}_{term.previous + 1:03}"
            yield (
                f"c_{account}_{place + 1:03}", account, term.start + move, term.end + move,
                TERM_MONTHS, plan(term), term.seats, MONTHLY_SEAT * term.seats, "JPY",
                term.decision, before,
            )  # fmt: skip


def plan(term: Term) -> str:
    return "team" if term.seats >= TEAM else "small" if term.seats > 1 else "single"


def events(derived: Derived, aliases: Aliases, move: timedelta) -> Iterable[Sequence[object]]:
    yield (
        "occurred_at", "account_id", "person_id", "event", "count", "product", "files",
        "insertions", "deletions",
    )  # fmt: skip
    whose = {
        address: account_id(account, aliases)
        for account in derived.accounts.values()
        for address in account.people
    }
    for (day, address, name, repository), total in sorted(derived.events.items()):
        sizes = (total.files, total.insertions, total.deletions)
        yield (
            f"{day + move}T03:00:00Z", whose[address], aliases.id("p", address), name, total.count,
            repository, *(sizes if name == "commit_authored" else ("", "", "")),
        )  # fmt: skip


def write(path: Path, rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path
