"""What is known of every customer's days, in pieces whose memory is bounded."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
from django.conf import settings

from banso.base.workspace import workspace
from banso.core.contracts import ContractTerm, decision
from banso.core.moves import Days, Persons
from banso.core.rhythm import Flags, Floats, Ints, season
from banso.engagements.models import Contract, Engagement
from banso.engine.daily import CarryingPersons, DailyUse, daily_use
from banso.engine.relations import AccountRow
from banso.events import lake
from banso.goals.models import StandingChange

LATER = 301
"""Days before the first one judged: half a year of its own past, and a season before that."""
CELLS = 250_000
"""Customers times days of one piece; a calculation keeps some dozens of such arrays."""
PENDING_DAYS = 90
"""A contract whose end has passed undecided carries its customer for so long."""


@dataclass(frozen=True)
class Piece:
    """Some customers: row i of `days` is engagement `ids[i]`, row p of `persons` the person whom
    its source calls `names[p]`."""

    ids: Sequence[int]
    days: Days
    persons: Persons
    names: Sequence[tuple[int, str]]
    health: Floats | None
    contracts: Mapping[int, Sequence[ContractTerm]]


@dataclass(frozen=True)
class History:
    """All customers' days from `first` (column 0) on, `length` of them."""

    first: date
    length: int
    ids: Sequence[int]
    use: DailyUse
    carrying: CarryingPersons
    clock: Floats

    def column(self, day: date) -> int:
        return (day - self.first).days

    def day(self, column: int) -> date:
        return self.first + timedelta(days=column)

    def pieces(self, width: int) -> Iterator[Piece]:
        """The customers in runs, each small enough for `width` days to be judged at once."""
        size = max(1, CELLS // max(1, width))
        for low in range(0, len(self.ids), size):
            yield self.piece(low, min(low + size, len(self.ids)))

    def piece(self, low: int, high: int) -> Piece:
        ids = self.ids[low:high]
        counts = self.counts(low, high)
        used = counts > 0
        since = np.where(used.any(axis=1), used.argmax(axis=1), self.length)
        terms = terms_of(ids)
        going = self.going(ids, terms)
        persons, names = self.persons(low, high)
        return Piece(
            ids=ids,
            days=Days(counts, since.astype(np.int64), self.clock, going),
            persons=persons,
            names=names,
            health=self.health(ids),
            contracts=terms,
        )

    def counts(self, low: int, high: int) -> Floats:
        begin, end = np.searchsorted(self.use.row, [low, high])
        counts = np.zeros((high - low, self.length))
        part = slice(begin, end)
        counts[self.use.row[part] - low, self.use.day[part]] = self.use.people[part]
        return counts

    def persons(self, low: int, high: int) -> tuple[Persons, list[tuple[int, str]]]:
        first, last = np.searchsorted(self.carrying.customer, [low, high])
        begin, end = np.searchsorted(self.carrying.person, [first, last])
        active = np.zeros((last - first, self.length), dtype=bool)
        active[self.carrying.person[begin:end] - first, self.carrying.day[begin:end]] = True
        customer = self.carrying.customer[first:last] - low
        return Persons(active, customer), self.carrying.names[first:last]

    def going(self, ids: Sequence[int], terms: Mapping[int, Sequence[ContractTerm]]) -> Flags:
        """On which days each was a customer whose loss was not known."""
        rows = Engagement.objects.filter(pk__gte=ids[0], pk__lte=ids[-1])
        spans = {key: days for key, *days in rows.values_list("pk", "started_on", "ended_on")}
        found = np.zeros((len(ids), self.length), dtype=bool)
        for row, each in enumerate(ids):
            started, ended = spans.get(each, [None, None])
            if not terms[each]:
                found[row, self.clip(started) :] = True
            for term in terms[each]:
                found[row, self.clip(term.start_on) : self.clip(until_of(term))] = True
            if ended is not None:
                found[row, self.clip(ended) :] = False
        return found

    def clip(self, day: date | None) -> int:
        return 0 if day is None else min(max(0, self.column(day)), self.length)

    def health(self, ids: Sequence[int]) -> Floats | None:
        """Health of each day, from the changes of the gap that the rounds kept."""
        changes = StandingChange.objects.filter(
            engagement__gte=ids[0], engagement__lte=ids[-1], day__gte=self.first
        ).order_by("day", "id")
        begun = self.clip(workspace().created_at.date())
        place = {each: row for row, each in enumerate(ids)}
        found: Floats | None = None
        spoken: set[int] = set()
        for each, day, before, after in changes.values_list(
            "engagement_id", "day", "gap_before", "gap_after"
        ).iterator():
            if each not in place:
                continue
            if found is None:
                found = np.full((len(ids), self.length), np.nan)
            row, at = place[each], self.clip(day)
            if row not in spoken:
                found[row, begun:at] = np.nan if before is None else 100 * (1 - before)
                spoken.add(row)
            found[row, at:] = np.nan if after is None else 100 * (1 - after)
        return found


def terms_of(ids: Sequence[int]) -> dict[int, list[ContractTerm]]:
    """The contracts of a run of engagements, in the order of their start: one look into the
    index, however many others there are."""
    found: dict[int, list[ContractTerm]] = {each: [] for each in ids}
    rows = Contract.objects.filter(engagement_id__gte=ids[0], engagement_id__lte=ids[-1])
    columns = [each.name for each in fields(ContractTerm)]
    for each, *cells in rows.order_by("start_on", "id").values_list("engagement_id", *columns):
        if each in found:
            found[each].append(ContractTerm(*cells))
    return found


def until_of(term: ContractTerm) -> date:
    """The first day on which a contract carries its customer no more."""
    if term.outcome == "churned" and term.outcome_known_on is not None:
        return min(term.end_on, term.outcome_known_on)
    if decision(term, date.max) == "renewed":
        return term.end_on
    return term.end_on + timedelta(days=PENDING_DAYS)


def history(until: date, length: int, ids: Collection[int] | None = None) -> History:
    """The `length` days up to `until` of these customers (None: all)."""
    first = until - timedelta(days=length - 1)
    unmerged = Engagement.objects.filter(merged_into=None).order_by("pk")
    keys = list(unmerged.values_list("pk", flat=True)) if ids is None else sorted(ids)
    accounts = [
        AccountRow(int(row.key), row.source, row.account)
        for row in lake.accounts(None if ids is None else keys)
        if row.account
    ]
    use, carrying = daily_use(
        lake.files(first, until), accounts, keys, since=first, until=until, spill=spill()
    )
    active = np.bincount(use.day, minlength=length)
    return History(first, length, keys, use, carrying, clock_of(active))


def clock_of(active: Ints) -> Floats:
    """Company time until the end of each day; days before the first use count as ordinary."""
    return np.cumsum(season(active))


def spill() -> Path:
    """Where the engine puts what outgrows its memory."""
    folder = Path(settings.HOME) / "lake"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


type Changes = dict[int, list[int]]


def known_changes(piece: Piece, first: date, length: int) -> tuple[Changes, Changes, Changes]:
    """Columns on which a loss, a contraction or an expansion of each row became known, within
    the history. A smaller or larger contract counts from its start."""
    losses: Changes = defaultdict(list)
    cuts: Changes = defaultdict(list)
    rises: Changes = defaultdict(list)

    def note(where: Changes, row: int, day: date) -> None:
        if 0 <= (day - first).days < length:
            where[row].append((day - first).days)

    for row, each in enumerate(piece.ids):
        terms = piece.contracts[each]
        for term in terms:
            if term.outcome == "churned" and term.outcome_known_on is not None:
                note(losses, row, term.outcome_known_on)
        for before, after in pairwise(terms):
            if moved := compared(before, after):
                note(cuts if moved < 0 else rises, row, after.start_on)
    return losses, cuts, rises


def compared(before: ContractTerm, after: ContractTerm) -> int:
    """-1 where a following contract is worth at least 5 % less a year, 1 for more, else 0."""
    if before.annual_minor is None or after.annual_minor is None:
        return 0
    if before.currency != after.currency or after.start_on < before.end_on:
        return 0
    if after.annual_minor < 0.95 * before.annual_minor:
        return -1
    return int(after.annual_minor > 1.05 * before.annual_minor)
