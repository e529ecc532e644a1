"""What a metric means: frozen definitions that every engine and the pure evaluator share.

A metric is computed over a stream of occurrences (product events, contacts or contracts),
for one engagement, as of a local day D. A window of N days is D and the N - 1 days before it;
`offset` moves the whole window that many days into the past.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

type Stream = Literal["events", "contacts", "contracts"]


@dataclass(frozen=True)
class Occurrence:
    """Something that happened once, or `count` times, at one moment.

    `at` is aware UTC; `person` is the source's id of a person; `properties` holds strings
    and numbers. Of a contact: event "contact", properties {channel}. Of a contract: event
    "contract_started" at local midnight of its start, properties {seats, monthly, annual}.
    """

    at: datetime
    event: str
    person: str | None = None
    count: int = 1
    properties: Mapping[str, str | float | int | bool | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Count:
    """How often `event` (None: any) happened in the window; `count` is the weight of a row."""

    event: str | None
    days: int
    offset: int = 0
    stream: Stream = "events"


@dataclass(frozen=True)
class DistinctPeople:
    """How many different people did `event` (None: any) in the window; rows without a person
    do not count."""

    event: str | None
    days: int
    offset: int = 0
    stream: Stream = "events"


@dataclass(frozen=True)
class ActiveDays:
    """On how many different local days `event` (None: any) happened in the window."""

    event: str | None
    days: int
    offset: int = 0
    stream: Stream = "events"


@dataclass(frozen=True)
class DaysSince:
    """Whole local days from the last `event` (None: any) to D, looked for in the last `days`
    days; when there is none, `days` itself, read as "that many or more"."""

    event: str | None
    days: int
    stream: Stream = "events"


@dataclass(frozen=True)
class SumOf:
    """Sum of the numeric property `property` of `event` (None: any) in the window, each row
    times its `count`. A value that is not a finite number (a numeric string counts as one)
    adds nothing. No matching row: 0."""

    event: str | None
    property: str
    days: int
    offset: int = 0
    stream: Stream = "events"


@dataclass(frozen=True)
class Seats:
    """The seats of the contracts that run on D (start <= D < end), summed; none: no number."""


type Simple = Count | DistinctPeople | ActiveDays | DaysSince | SumOf


@dataclass(frozen=True)
class Ratio:
    """numerator / denominator; no number where the denominator is 0 or has none."""

    numerator: Simple
    denominator: Simple | Seats


@dataclass(frozen=True)
class Entered:
    """Typed in or imported with a date and a source: the last value known on D."""


type Definition = Simple | Ratio | Entered
