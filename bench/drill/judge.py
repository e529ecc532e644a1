"""Whether an answer is a state that existed: it holds all that any answer given before it was
asked had seen in the lake, and nothing that was sent only after it was given; and what it says
agrees with itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bench.drill import events
from bench.drill.ledger import Ledger


@dataclass(frozen=True)
class Read:
    """One answer. `fault` says what is wrong with it, "" where nothing is."""

    kind: str
    began: float
    ended: float
    answer: Any = None
    error: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Gone:
    """Events that were to be erased from `asked` on, and were by `done`."""

    bits: int
    asked: float
    done: float | None = None


@dataclass(frozen=True)
class Between:
    """The events an answer must hold, and those it may, as bits."""

    least: int
    most: int

    def fits(self, value: float | None, mine: int) -> bool:
        least, most = ((each & mine).bit_count() for each in (self.least, self.most))
        return least <= (value or 0) <= most

    def fits_exactly(self, bits: int) -> bool:
        return not self.least & ~bits and not bits & ~self.most


@dataclass(frozen=True)
class Masks:
    """Which events are of an account, and of a name."""

    many: int

    @cached_property
    def of(self) -> Mapping[tuple[str, str], int]:
        found = dict.fromkeys(((a, n) for a in events.ACCOUNTS for n in events.NAMES), 0)
        period = 2 * len(events.ACCOUNTS)
        for first in range(period):
            every = "".join("1" if n == first else "0" for n in reversed(range(period)))
            bits = int(every * (self.many // period + 1), 2)
            found[events.account(first), events.name(first)] |= bits
        return found


def judged(reads: Sequence[Read], ledger: Ledger, gone: Iterable[Gone] = ()) -> list[Read]:
    """The answers, each with its fault."""
    masks = Masks(len(ledger.sent))
    floors, erased = list(rising(reads)), list(gone)
    found = []
    for read in sorted(reads, key=lambda each: each.began):
        if read.error:
            found.append(read)
            continue
        between = bounds(read, floors, ledger, erased)
        fault = FAULTS[read.kind](read.answer, between, masks)
        found.append(Read(read.kind, read.began, read.ended, read.answer, fault=fault))
    return found


def rising(reads: Iterable[Read]) -> Iterable[tuple[float, int]]:
    """From which moment on which events were known to be in the lake."""
    known = 0
    for read in sorted(reads, key=lambda each: each.ended):
        if read.kind == "lake" and not read.error:
            known |= int(read.answer["bits"], 16)
            yield read.ended, known


def bounds(
    read: Read, floors: Sequence[tuple[float, int]], ledger: Ledger, gone: Sequence[Gone]
) -> Between:
    from bisect import bisect

    place = bisect(floors, read.began, key=lambda each: each[0])
    least = floors[place - 1][1] if place else 0
    most = (1 << bisect(ledger.sent, read.ended)) - 1
    for each in gone:
        if each.asked <= read.ended:
            least &= ~each.bits
        if each.done is not None and each.done <= read.began:
            most &= ~each.bits
    return Between(least, most)


def of_lake(answer: Any, between: Between, masks: Masks) -> str:
    bits = int(answer["bits"], 16)
    if answer["rows"] != bits.bit_count():
        return "an event stands twice"
    return "" if between.fits_exactly(bits) else "events are missing, or were never sent"


def of_snapshot(answer: Any, between: Between, masks: Masks) -> str:
    for account in events.ACCOUNTS:
        told = answer[account]
        if told["opens"] != told["openers"] or told["works"] != told["hours"]:
            return f"{account}: numbers of one snapshot disagree: {told}"
        for metric, name in (("opens", "Open"), ("works", "Work")):
            if not between.fits(told[metric], masks.of[account, name]):
                return f"{account}: {metric} {told[metric]} is no state that was"
    return ""


def of_explore(answer: Any, between: Between, masks: Masks) -> str:
    if answer["whole"] != answer["parts"]:
        return f"the parts are not the whole: {answer}"
    fits = between.fits(answer["whole"], (1 << masks.many) - 1)
    return "" if fits else f"{answer['whole']} is no state that was"


def of_explain(answer: Any, between: Between, masks: Masks) -> str:
    value = answer["value"]
    if value != answer["recomputed"] or (value or 0) != answer["events"]:
        return f"the value is not what its events say: {answer}"
    mine = masks.of[answer["account"], "Work" if answer["metric"] == "hours" else "Open"]
    return "" if between.fits(value, mine) else f"{answer} is no state that was"


FAULTS = {
    "lake": of_lake,
    "snapshot": of_snapshot,
    "explore": of_explore,
    "explain": of_explain,
}
