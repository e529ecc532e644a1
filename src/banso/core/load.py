"""How much work a book of customers is, who carries too much, and how to share it out fairly."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from math import ceil

WEIGHTS: Mapping[str, float] = {"high": 4.0, "low": 1.0, "tech": 0.1}
BEGINNING = 1.5
BEGINNING_DAYS = 90
UNEVEN = 1.3


@dataclass(frozen=True)
class Parcel:
    """A customer that changes hands: its kind (segment and touch) and what it weighs."""

    id: int
    segment: str
    touch: str
    weight: float


@dataclass(frozen=True)
class Hint:
    """`heavy` carries `ratio` times the mean; moving `amount` to `light` would even both out."""

    heavy: int
    light: int
    ratio: float
    amount: float


def weight(touch: str, *, beginning: bool) -> float:
    """What one customer weighs, in low-touch customers: high touch 4, tech touch 0.1, and half
    as much again in its first 90 days."""
    return WEIGHTS[touch] * (BEGINNING if beginning else 1.0)


def hints(loads: Mapping[int, float]) -> list[Hint]:
    """For everybody above 1.3 times the mean load, the heaviest first, with whom to share."""
    if len(loads) < 2:
        return []
    left = dict(loads)
    mean = sum(left.values()) / len(left)
    found = []
    for heavy in sorted(loads, key=lambda each: (-loads[each], each)):
        light = min(left, key=lambda each: (left[each], each))
        amount = min(left[heavy] - mean, mean - left[light])
        if loads[heavy] <= UNEVEN * mean or amount <= 0:
            break
        found.append(Hint(heavy, light, loads[heavy] / mean, amount))
        left[heavy], left[light] = left[heavy] - amount, left[light] + amount
    return found


def shared_out(parcels: Iterable[Parcel], loads: Mapping[int, float]) -> dict[int, int]:
    """Who receives each parcel so that the loads (what they carry already) come out even.

    Parcels of one kind stay together; a kind that weighs more than an even share is divided.
    Heaviest first, each to whom carries least then (longest processing time first, Graham 1969).
    ValueError without anybody to receive.
    """
    if not loads:
        raise ValueError("nobody to receive")
    carried = dict(loads)
    found: dict[int, int] = {}
    rows = list(parcels)
    share = sum(each.weight for each in rows) / len(carried)
    for bundle in sorted(bundles(rows, share), key=lambda each: (-total(each), each[0].id)):
        receiver = min(carried, key=lambda each: (carried[each], each))
        carried[receiver] += total(bundle)
        found.update((parcel.id, receiver) for parcel in bundle)
    return found


def bundles(parcels: Iterable[Parcel], share: float) -> list[Sequence[Parcel]]:
    """The parcels by kind; a kind heavier than `share` in as few even pieces as fit it."""
    kinds: dict[tuple[str, str], list[Parcel]] = defaultdict(list)
    for parcel in parcels:
        kinds[parcel.segment, parcel.touch].append(parcel)
    found: list[Sequence[Parcel]] = []
    for kind in kinds.values():
        pieces = max(1, ceil(total(kind) / share - 1e-9)) if share else 1
        found.extend(batched(kind, ceil(len(kind) / pieces)))
    return found


def total(parcels: Iterable[Parcel]) -> float:
    return sum(each.weight for each in parcels)
