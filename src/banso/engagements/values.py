"""What engagements are worth, what comes next, and how they ended, as of any day."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from banso.base.workspace import workspace
from banso.core import contracts as terms
from banso.core.contracts import ContractTerm, NextDate
from banso.core.metrics import Occurrence
from banso.core.money import exponent
from banso.core.proposal import Outcome
from banso.engagements.models import Contract, Engagement, ExchangeRate

type Contracts = Mapping[int, Sequence[ContractTerm]]
type Span = tuple[int, date | None, date | None]
type Run = tuple[int, date, date, int | None]
FEW = 500  # more ids are read with everybody's: a longer list makes a slow statement
type Rates = Mapping[str, Sequence[tuple[date, Decimal]]]


@dataclass(frozen=True)
class ContractOutcome(Outcome):
    """A contract's known end: core's Outcome (key = str(engagement_id)) with its rows."""

    engagement_id: int
    contract_id: int


def annual_value_minor(
    engagement_ids: Collection[int] | None, as_of: date, contracts: Contracts | None = None
) -> dict[int, int | None]:
    """The yearly value of each engagement's live contracts (`contracts`: where they are read
    already), in the minor unit of the workspace's currency. None: no live contract names a value
    that a rate of that day can convert."""
    known = contracts_of(engagement_ids) if contracts is None else contracts
    currency, rates = workspace().currency, rates_until(as_of)
    return {
        each: _total(terms.live(found, as_of), currency, rates, as_of)
        for each, found in known.items()
    }


def annual_values_at(pairs: Iterable[tuple[int, date]]) -> dict[tuple[int, date], int | None]:
    """`annual_value_minor` for any pairs of an engagement and a day."""
    wanted = list(pairs)
    found = contracts_of({each for each, _ in wanted})
    currency = workspace().currency
    rates = rates_until(max((day for _, day in wanted), default=date.min))
    return {
        (each, day): _total(terms.live(found[each], day), currency, rates, day)
        for each, day in wanted
    }


def critical_dates(
    engagement_ids: Collection[int] | None, as_of: date, contracts: Contracts | None = None
) -> dict[int, NextDate]:
    """The next deciding day of each engagement that has one; `contracts` as above."""
    known = contracts_of(engagement_ids) if contracts is None else contracts
    dates = {each: terms.next_date(found, as_of) for each, found in known.items()}
    return {each: found for each, found in dates.items() if found is not None}


def current_ids(as_of: date, ids: Collection[int] | None = None) -> set[int]:
    """The engagements (of `ids`, else all) that were going on: begun and not ended by then, and
    carried by a contract unless there is none at all."""
    found = contracts_of(ids)
    return {span[0] for span in _spans(ids) if _current(span, found[span[0]], as_of)}


def current_at(pairs: Iterable[tuple[int, date]]) -> set[tuple[int, date]]:
    """Those of the pairs whose engagement was going on that day."""
    wanted = list(pairs)
    ids = {each for each, _ in wanted}
    found, spans = contracts_of(ids), {span[0]: span for span in _spans(ids)}
    return {
        (each, day)
        for each, day in wanted
        if each in spans and _current(spans[each], found[each], day)
    }


def seats(as_of: date, ids: Collection[int] | None = None) -> dict[int, int]:
    """The seats of the contracts in force, for the engagements (None: of all) that have any."""
    known = {each: terms.seats(found, as_of) for each, found in contracts_of(ids).items()}
    return {each: count for each, count in known.items() if count is not None}


def seats_at(pairs: Iterable[tuple[int, date]]) -> dict[tuple[int, date], int | None]:
    """The seats in force for any pairs of an engagement and a day."""
    wanted = list(pairs)
    found = contracts_of({each for each, _ in wanted})
    return {(each, day): terms.seats(found[each], day) for each, day in wanted}


def current_runs(ids: Collection[int], days: Sequence[date]) -> Iterator[Run]:
    """As `current_at` and `seats_at` for every day of `days` (ascending), a run of days at once:
    (engagement, first, last, seats) where it was going on all along with the same seats."""
    found = contracts_of(ids)
    for span in _spans(ids):
        yield from _runs(span, found[span[0]], days)


def outcomes(as_of: date) -> list[ContractOutcome]:
    """How contracts ended, as far as it was known by `as_of`, ordered by end and engagement.
    A loss beside a contract of the same engagement that runs on is left out."""
    found = [
        ContractOutcome(str(each), c.end_on, c.outcome_known_on or c.end_on, renewed, each, c.id)
        for each, of_one in contracts_of(None).items()
        for c, renewed in terms.decided(of_one, as_of)
    ]
    return sorted(found, key=lambda o: (o.ended_on, o.engagement_id, o.contract_id))


def contract_occurrences(
    as_of: date, since: date | None = None, ids: Collection[int] | None = None
) -> list[tuple[int, Occurrence]]:
    """The contracts stream of these engagements (None: of all): one "contract_started" at local
    midnight of each start up to `as_of`. Properties: seats, and annual and monthly in units of
    the workspace's currency."""
    place = workspace()
    zone, rates = ZoneInfo(place.timezone), rates_until(as_of)
    unit = 10 ** exponent(place.currency)
    return [
        (each, _started(c, _converted(c, place.currency, rates, c.start_on), unit, zone))
        for each, of_one in contracts_of(ids).items()
        for c in of_one
        if (since or date.min) <= c.start_on <= as_of
    ]


def currencies_without_rate(as_of: date) -> set[str]:
    """Currencies of contracts that no rate known on `as_of` converts."""
    used = set(Contract.objects.order_by().values_list("currency", flat=True).distinct())
    return used - {workspace().currency} - set(rates_until(as_of))


def contracts_of(engagement_ids: Collection[int] | None) -> dict[int, list[ContractTerm]]:
    """All contracts by engagement, in the order of their start, in one query; engagements
    without any give an empty list when they were asked for, or on access."""
    rows = Contract.objects.order_by("start_on", "id").values_list(
        "engagement_id",
        "id",
        "start_on",
        "end_on",
        "notice_on",
        "seats",
        "annual_minor",
        "currency",
        "outcome",
        "outcome_known_on",
    )
    if engagement_ids is not None and len(engagement_ids) <= FEW:
        rows = rows.filter(engagement_id__in=engagement_ids)
    found: dict[int, list[ContractTerm]] = defaultdict(list)
    for each in engagement_ids or ():
        found[each] = []
    cells: list[Any]
    for each, *cells in rows:
        if engagement_ids is None or each in found:
            found[each].append(ContractTerm(*cells))
    return found


def rates_until(as_of: date) -> dict[str, list[tuple[date, Decimal]]]:
    """The exchange rates known by `as_of`, oldest first, by currency."""
    found: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
    rows = ExchangeRate.objects.filter(since__lte=as_of).order_by("since")
    for currency, since, rate in rows.values_list("currency", "since", "rate"):
        found[currency].append((since, rate))
    return dict(found)


def _total(live: Iterable[ContractTerm], currency: str, rates: Rates, day: date) -> int | None:
    known = [v for c in live if (v := _converted(c, currency, rates, day)) is not None]
    return sum(known) if known else None


def _converted(contract: ContractTerm, currency: str, rates: Rates, day: date) -> int | None:
    if contract.annual_minor is None or contract.currency == currency:
        return contract.annual_minor
    rate = next(
        (r for since, r in reversed(rates.get(contract.currency, ())) if since <= day), None
    )
    if rate is None:
        return None
    shift = exponent(currency) - exponent(contract.currency)
    exact = (Decimal(contract.annual_minor) * rate).scaleb(shift)
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _spans(ids: Collection[int] | None) -> list[Span]:
    found = Engagement.objects.filter(merged_into=None)
    rows = found.values_list("id", "started_on", "ended_on")
    if ids is None:
        return list(rows)
    if len(ids) <= FEW:
        return list(rows.filter(id__in=ids))
    return [span for span in rows if span[0] in ids]


def _current(span: Span, contracts: Sequence[ContractTerm], day: date) -> bool:
    _, started, ended = span
    if ended is not None and ended <= day:
        return False
    if any(c.start_on <= day for c in contracts):
        return bool(terms.live(contracts, day))
    return started is None or started <= day


def _runs(span: Span, contracts: Sequence[ContractTerm], days: Sequence[date]) -> Iterator[Run]:
    cuts = {bisect_left(days, day) for day in _changes(span, contracts)}
    for low, high in pairwise(sorted({0, *cuts, len(days)})):
        if _current(span, contracts, days[low]):
            yield span[0], days[low], days[high - 1], terms.seats(contracts, days[low])


def _changes(span: Span, contracts: Sequence[ContractTerm]) -> Iterator[date]:
    """The days from which something else may hold than the day before."""
    known = [c.outcome_known_on for c in contracts]
    for day in (*span[1:], *known, *(day for c in contracts for day in (c.start_on, c.end_on))):
        if day is not None:
            yield day


def _started(
    contract: ContractTerm, annual_minor: int | None, unit: int, zone: ZoneInfo
) -> Occurrence:
    at = datetime.combine(contract.start_on, time(), zone).astimezone(UTC)
    annual = None if annual_minor is None else annual_minor / unit
    monthly = None if annual is None else annual / 12
    properties = {"seats": contract.seats, "annual": annual, "monthly": monthly}
    return Occurrence(at, "contract_started", properties=properties)
