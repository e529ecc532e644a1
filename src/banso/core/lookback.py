"""Would the list have caught the customers who were lost?

For each lost customer, its place in a ranking made with only what was known at a date some time
before the loss; for each ranking, the share of lost customers in its top fifth. The other way
round: of those in its top fifth, how many were lost soon after.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from banso.core.estimate import Estimate, NotEstimable
from banso.core.intervals import wilson
from banso.core.proposal import DAYS_BEFORE_END

FEWEST_LOSSES = 10
DAYS_BEFORE = DAYS_BEFORE_END

type Rankings = Mapping[date, Sequence[str]]


@dataclass(frozen=True)
class Loss:
    """A lost customer and the date whose ranking is asked, some time before the loss."""

    key: str
    looked_at: date


@dataclass(frozen=True)
class Place:
    """Where a lost customer stood: `rank` from 1 among `n`, None when it was not ranked then."""

    key: str
    looked_at: date
    rank: int | None
    n: int
    in_top_fifth: bool


@dataclass(frozen=True)
class Lookback:
    """One rule's record: every loss's place, and the share caught.

    `share` rests on n losses with a 95 % Wilson interval, or is NotEstimable
    ("too_few_losses", {losses, needed}) below ten losses. `by_chance` is the share that a
    random order of the same rankings would have caught on average.
    """

    rule: str
    places: tuple[Place, ...]
    caught: int
    share: Estimate | NotEstimable
    by_chance: float


@dataclass(frozen=True)
class Followed:
    """Of `places` in the top fifths of a rule's rankings, `lost` were lost within 90 days after;
    `everywhere` is the share of all ranked, what a random order would give."""

    places: int
    lost: int
    everywhere: float

    @property
    def share(self) -> float | None:
        return self.lost / self.places if self.places else None


def top_fifth(n: int) -> int:
    """How many places of a ranking of `n` are its top fifth, rounded up."""
    return -(-n // 5)


def look_back(losses: Sequence[Loss], rules: Mapping[str, Rankings]) -> dict[str, Lookback]:
    """Each rule's record on the same losses.

    `rules` maps a rule's name to, per date, the keys from most to least pressing. A loss that
    its date's ranking does not hold (or whose date has none) counts as not caught.
    ValueError when a ranking holds a key twice.
    """
    return {rule: _record(rule, losses, rankings) for rule, rankings in rules.items()}


def followed(rankings: Rankings, ends: Collection[tuple[str, date]]) -> Followed:
    """What came after the top fifths of one rule; `ends`: (key, day) of every known loss."""
    places = lost = ranked = gone = 0
    for day, ranking in rankings.items():
        until = day + timedelta(days=DAYS_BEFORE)
        leaving = {key for key, end in ends if day < end <= until}
        top = ranking[: top_fifth(len(ranking))]
        places, ranked = places + len(top), ranked + len(ranking)
        lost += sum(key in leaving for key in top)
        gone += sum(key in leaving for key in ranking)
    return Followed(places, lost, gone / ranked if ranked else 0.0)


def _record(rule: str, losses: Sequence[Loss], rankings: Rankings) -> Lookback:
    ranks = {day: _ranks(rankings.get(day, ())) for day in {loss.looked_at for loss in losses}}
    places = tuple(_place(loss, ranks[loss.looked_at]) for loss in losses)
    caught = sum(place.in_top_fifth for place in places)
    chances = [top_fifth(p.n) / p.n for p in places if p.rank is not None]
    by_chance = sum(chances) / len(places) if places else 0.0
    return Lookback(rule, places, caught, _share(caught, len(places)), by_chance)


def _ranks(ranking: Sequence[str]) -> dict[str, int]:
    ranks = {key: rank for rank, key in enumerate(ranking, start=1)}
    if len(ranks) != len(ranking):
        raise ValueError("a ranking holds each key once")
    return ranks


def _place(loss: Loss, ranks: Mapping[str, int]) -> Place:
    rank = ranks.get(loss.key)
    in_top = rank is not None and rank <= top_fifth(len(ranks))
    return Place(loss.key, loss.looked_at, rank, len(ranks), in_top)


def _share(caught: int, losses: int) -> Estimate | NotEstimable:
    if losses < FEWEST_LOSSES:
        return NotEstimable("too_few_losses", {"losses": losses, "needed": FEWEST_LOSSES})
    low, high = wilson(caught, losses)
    return Estimate(caught / losses, losses, low, high)
