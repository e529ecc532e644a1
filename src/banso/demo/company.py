"""A synthetic company as files: `generate` writes what a real one would export."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np

from banso.demo import people, truth, usage, write
from banso.demo.billing import write_billing
from banso.demo.book import Book, day_number
from banso.demo.calibration import LEDGER_YEARS
from banso.demo.contacts import talk
from banso.demo.contracts import sell
from banso.demo.customers import Customers, enrol
from banso.demo.ledger import write_accounts
from banso.demo.names import Language
from banso.demo.tally import UsageTally
from banso.demo.truth import Truth

FEWEST = 40
SEED = 20260401


def generate(
    *,
    customers: int = 240,
    seed: int = SEED,
    today: date,
    language: Language,
    out: Path,
    events: bool = True,
) -> Truth:
    """Write a whole company's files to the folder `out` and say what was planted.

    Files: accounts.xlsx (ja) or accounts.csv (en), people.csv, contracts.csv, events.csv,
    contacts.csv for the importers, and billing-accounts.csv and billing-people.csv of another
    system that knows some of the same; staff.json and purposes.json for the actions; truth.json.
    The same arguments give the same bytes (the workbook: the same cells). Without `events` no
    usage is drawn. ValueError under 40 customers. Memory does not grow with the events.
    """
    if customers < FEWEST:
        raise ValueError(f"a company needs at least {FEWEST} customers")
    book, enrolled = found(customers, seed=seed, today=today, language=language)
    out.mkdir(parents=True, exist_ok=True)
    files = _write_book(out, book, enrolled, seed=seed, today=today, language=language)
    files |= _write_people(out, enrolled, seed=seed, today=today, language=language)
    tally = UsageTally.empty(customers, today)
    if events:
        runs = _tallied(enrolled, book, tally, seed=seed, today=today)
        files["events"] = write.write_events(out / "events.csv", runs, enrolled)
    told = _told(book, enrolled, tally, files, seed=seed, today=today, language=language)
    write.write_json(out / "truth.json", told.as_dict())
    return told


def found(customers: int, *, seed: int, today: date, language: Language) -> tuple[Book, Customers]:
    """The contracts and the customers, without writing anything."""
    book = sell(customers, rng=np.random.default_rng([seed, 1]), today=today)
    rng = np.random.default_rng([seed, 2])
    return book, enrol(book, customers, rng=rng, today=today, language=language)


def _write_book(
    out: Path, book: Book, customers: Customers, *, seed: int, today: date, language: Language
) -> dict[str, Path]:
    rng = np.random.default_rng([seed, 3])
    contracts = out / "contracts.csv"
    return {
        "accounts": write_accounts(out, customers, rng=rng, today=today, language=language),
        "contracts": write.write_contracts(
            contracts, book, customers, today=today, language=language
        ),
        "staff": write.write_json(out / "staff.json", write.staff(customers, language)),
    }


def _write_people(
    out: Path, customers: Customers, *, seed: int, today: date, language: Language
) -> dict[str, Path]:
    everybody = people.members(customers, rng=np.random.default_rng([seed, 4]), today=today)
    leaders: dict[int, list[people.Member]] = {}
    passing = people.noting(everybody, leaders)
    written = write.write_people(out / "people.csv", passing, language)
    write_billing(out, customers, leaders, rng=np.random.default_rng([seed, 7]), language=language)
    told = people.purposes(customers, leaders, rng=np.random.default_rng([seed, 5]), today=today)
    contacts = talk(customers, leaders, rng=np.random.default_rng([seed, 6]), today=today)
    return {
        "people": written,
        "contacts": write.write_contacts(out / "contacts.csv", contacts, customers, language),
        "purposes": write.write_json(
            out / "purposes.json", write.purposes(told, customers, language)
        ),
    }


def _tallied(
    customers: Customers, book: Book, tally: UsageTally, *, seed: int, today: date
) -> Iterator[usage.Usage]:
    for run in usage.draw(customers, book, seed=seed, today=today):
        tally.add(run, customers, today)
        yield run


def _told(
    book: Book,
    customers: Customers,
    tally: UsageTally,
    files: dict[str, Path],
    *,
    seed: int,
    today: date,
    language: Language,
) -> Truth:
    now = day_number(today)
    begin = now - 366 * LEDGER_YEARS
    gone = np.flatnonzero(customers.champion_left)
    return Truth(
        synthetic=True,
        company=write.company(language),
        seed=seed,
        today=today.isoformat(),
        language=language,
        customers=len(customers),
        files={kind: path.name for kind, path in sorted(files.items())},
        losses=truth.losses(book, customers, since=begin, until=now),
        upcoming=truth.losses(book, customers, since=now, until=now + truth.UPCOMING),
        pending=truth.accounts(
            truth.ending(book, after=begin, until=now, today=today), book, customers
        ),
        renewals_in_90_days=truth.accounts(
            truth.ending(book, after=now, until=now + 90, today=today), book, customers
        ),
        reactivations=truth.accounts(book.returned & book.shown(today), book, customers),
        champions_left={
            customers.ids[each]: write.iso(int(customers.champion_left[each])) for each in gone
        },
        without_usage=[customers.ids[each] for each in np.flatnonzero(customers.unconnected)],
        retention=truth.retention(book, len(customers), today=today),
        hazard=truth.refused(book, today=today),
        growth=truth.growth(book, customers, today=today),
        usage=tally.figures(),
    )
