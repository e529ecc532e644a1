"""What a metric means: frozen definitions that every engine and the pure evaluator share.

A metric is computed over a stream of occurrences (product events, contacts, contracts,
actions or our own acts), for one engagement, as of a local day D. Its window is a number of days,
D and the days before it, or a stretch of the calendar (`windows.span`); `offset` moves D that many
days into the past first. Of the occurrences in it those count that have one of the names in
`event` (None: any), for which `where` holds, on the days that `on` says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from banso.core.conditions import Condition
from banso.core.windows import DayKind, Window

type Stream = Literal["events", "contacts", "contracts", "actions", "acts"]
type Events = str | tuple[str, ...] | None
type Aggregate = Literal["mean", "median", "share"]
type Change = Literal["difference", "ratio"]

SEEN_DAYS = 90


@dataclass(frozen=True)
class Occurrence:
    """Something that happened once, or `count` times, at one moment.

    `at` is aware UTC; `person` is the source's id of a person; `properties` holds strings
    and numbers. Of a contact: event "contact", properties {channel}. Of a contract: event
    "contract_started" at local midnight of its start, properties {seats, monthly, annual}. Of an
    action: "action_opened", "action_done", "action_dropped", and "action_overdue" at the first
    local midnight after its due day, properties {late_days} of one done. Of an act: the verb of
    its activity, the person who did it, properties {subject} and the numbers and codes it holds.
    """

    at: datetime
    event: str
    person: str | None = None
    count: int = 1
    properties: Mapping[str, str | float | int | bool | None] = field(default_factory=dict)


@dataclass(frozen=True)
class _Windowed:
    event: Events
    window: Window
    offset: int = 0
    stream: Stream = "events"
    where: Condition | None = None
    on: DayKind = "every_day"


class Count(_Windowed):
    """How often it happened in the window; `count` is the weight of a row."""


class DistinctPeople(_Windowed):
    """How many different people did it in the window; rows without a person do not count."""


class ActiveDays(_Windowed):
    """On how many different local days it happened in the window."""


@dataclass(frozen=True)
class DaysSince:
    """Whole local days from the last occurrence to D, looked for in the last `days` days; when
    there is none, `days` itself, read as "that many or more"."""

    event: Events
    days: int
    stream: Stream = "events"
    where: Condition | None = None

    @property
    def window(self) -> int:
        return self.days

    @property
    def offset(self) -> int:
        return 0

    @property
    def on(self) -> DayKind:
        return "every_day"


@dataclass(frozen=True)
class _OfProperty:
    event: Events
    property: str
    window: Window
    offset: int = 0
    stream: Stream = "events"
    where: Condition | None = None
    on: DayKind = "every_day"


class SumOf(_OfProperty):
    """Sum of a numeric property in the window, each row times its `count`. A value that is not
    a finite number (a numeric string counts as one) adds nothing. No matching row: 0."""


class MeanOf(_OfProperty):
    """Mean of a numeric property in the window, weighted by `count`, over the rows that have a
    number; no number where no such row weighs anything."""


class LastOf(_OfProperty):
    """The numeric property of the latest row in the window that has a number, the largest of
    several at the same moment; no number without one."""


@dataclass(frozen=True)
class Seats:
    """The seats of the contracts that run on D (start <= D < end), summed; none: no number."""


type Windowed = Count | DistinctPeople | ActiveDays | SumOf | MeanOf | LastOf
type Simple = Windowed | DaysSince
type OfPerson = Count | ActiveDays | SumOf | MeanOf | LastOf | DaysSince


@dataclass(frozen=True)
class Ratio:
    """numerator / denominator; no number where the denominator is 0 or has none."""

    numerator: Simple
    denominator: Simple | Seats


@dataclass(frozen=True)
class Trend:
    """`of` in its window against the window before: what was added ("difference"), or how many
    times as much ("ratio"; no number where it was 0). No number where either has none."""

    of: Windowed
    change: Change = "ratio"


@dataclass(frozen=True)
class PerPerson:
    """A number per person, told of all people seen in any way in the `seen` days up to D: the
    mean, the median, or the share of those with `at_least` so much. People for whom `of` has no
    number are left out; with nobody left there is no number."""

    of: OfPerson
    aggregate: Aggregate
    at_least: float | None = None
    seen: int = SEEN_DAYS


@dataclass(frozen=True)
class Entered:
    """Typed in or imported with a date and a source: the last value known on D."""


type Formula = Simple | Ratio | Trend | PerPerson
type Definition = Formula | Entered


def parts(definition: Definition) -> Sequence[Simple]:
    """The counted numbers that a definition is made of; none of an entered one.

    Raises ValueError for a ratio over two streams.
    """
    match definition:
        case Entered():
            return ()
        case Ratio(numerator, denominator):
            if isinstance(denominator, Seats):
                return (numerator,)
            if numerator.stream != denominator.stream:
                raise ValueError("both sides of a ratio must be over the same stream")
            return (numerator, denominator)
        case Trend(of) | PerPerson(of):
            return (of,)
        case _:
            return (definition,)


def stream_of(definition: Definition) -> Stream | None:
    """The stream a definition reads; None for an entered one."""
    return next((part.stream for part in parts(definition)), None)


def events_of(event: Events) -> tuple[str, ...]:
    """The names asked for; none where any will do."""
    if event is None:
        return ()
    return (event,) if isinstance(event, str) else event
