"""What a move of a customer is, at which levels it is told, and when again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from banso.core.rhythm import Flags, Floats, Ints

type Kind = Literal[
    "new_low", "silent", "champion_quiet", "spike", "recovered", "halved", "thirty_days"
]
"""The five moves, and the two naive rules that they are compared with."""

type Spoken = Mapping[tuple[Kind, int], Sequence[tuple[int, int]]]
"""By kind and row, the (day, levels) of what was said of a customer before."""

LEVELS = (1, 2, 3, 4, 5)
STANDARD = 3
COOL_DAYS: Mapping[Kind, int] = {
    "new_low": 56,
    "silent": 42,
    "champion_quiet": 90,
    "spike": 56,
    "recovered": 56,
}
"""A kind speaks of the same customer again only after so many days."""


@dataclass(frozen=True)
class Days:
    """Who was there on which day. `counts[i, t]` person-days of customer i, `since[i]` the first
    column with the customer there, `clock[t]` company time until the end of day t, `going[i, t]`
    whether the customer was a customer that day and no loss was known."""

    counts: Floats
    since: Ints
    clock: Floats
    going: Flags


@dataclass(frozen=True)
class Persons:
    """Days on which single persons were there; `customer[p]` is the row of theirs."""

    active: Flags
    customer: Ints


@dataclass(frozen=True)
class Found:
    """One move: of a customer (row), on a day (column), at these levels, with its numbers.
    `person` is the row of the person it is about, or -1."""

    kind: Kind
    row: int
    day: int
    levels: int
    reason: Mapping[str, object] = field(default_factory=dict)
    person: int = -1


def levels_in(bits: int) -> Iterator[int]:
    """The levels in a set of bits, ascending."""
    return (level for level in LEVELS if bits >> (level - 1) & 1)


def bit(level: int) -> int:
    """The set that holds one level."""
    return 1 << (level - 1)


def cooled(found: Iterable[Found], before: Spoken | None = None) -> list[Found]:
    """Without the levels at which the kind spoke of the customer within its cool-down, counting
    what was said `before`; in order of day."""
    last = {
        (kind, row, level): day
        for (kind, row), said in (before or {}).items()
        for day, levels in sorted(said)
        for level in levels_in(levels)
    }
    kept = []
    for each in sorted(found, key=lambda each: (each.day, each.row)):
        levels = 0
        for level in levels_in(each.levels):
            key = (each.kind, each.row, level)
            if key not in last or each.day - last[key] >= COOL_DAYS[each.kind]:
                last[key] = each.day
                levels |= bit(level)
        if levels:
            kept.append(replace(each, levels=levels))
    return kept
