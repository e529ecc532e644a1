"""What became of assets, counted set by set: never one statement an asset."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Avg, Count, Q, Sum

from banso.assets.access import showings, walkthroughs
from banso.assets.models import Asset, AssetVersion, Showing, Walkthrough
from banso.base.models import User
from banso.core.intervals import wilson
from banso.core.scripts import script_of


@dataclass(frozen=True)
class Figures:
    """How often an asset was shown and finished, what was said of it, and the minutes its versions
    took (None: of none was it told)."""

    shown: int = 0
    finished: int = 0
    helped: int = 0
    partly: int = 0
    not_helped: int = 0
    minutes: int | None = None

    @property
    def said(self) -> int:
        return self.helped + self.partly + self.not_helped

    @property
    def share(self) -> float | None:
        """Of those who said something, the share that was helped."""
        return self.helped / self.said if self.said else None

    @property
    def cost(self) -> float | None:
        """Minutes of making for each time it was shown."""
        if self.minutes is None or not self.shown:
            return None
        return self.minutes / self.shown


@dataclass(frozen=True)
class Coverage:
    """To how many customers it was shown, and how many of them finished it."""

    shown: int
    finished: int


@dataclass(frozen=True)
class VersionResult:
    """What came of the talks that followed one version of a script. `interval` is of the share
    that reached what the script is for (95 %); those who did not answer are left out of it."""

    number: int
    talks: int
    reached: int
    partly: int
    not_reached: int
    no_answer: int
    ticked: float | None
    ticks: int
    role_plays: int

    @property
    def answered(self) -> int:
        return self.talks - self.no_answer

    @property
    def share(self) -> float | None:
        return self.reached / self.answered if self.answered else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.reached, self.answered) if self.answered else None

    @property
    def ticked_share(self) -> float | None:
        return self.ticked / self.ticks if self.ticked is not None and self.ticks else None


NOTHING = Figures()


def figures_of(assets: Collection[Asset], user: User) -> dict[int, Figures]:
    """The figures of each asset over all its versions, as far as `user` may read whom they were
    shown to; two statements, the larger along one index."""
    ids = [each.pk for each in assets]
    told: dict[int, Counter[str]] = defaultdict(Counter)
    for asset, reaction, shown, finished in counted(ids, user):
        told[asset].update({"shown": shown, "finished": finished, reaction: shown})
    minutes = minutes_of(ids)
    return {each: figures(told[each], minutes.get(each)) for each in ids}


def counted(assets: Collection[int], user: User) -> list[tuple[int, str, int, int]]:
    """(asset, reaction, times shown, times finished)."""
    rows = showings(user).filter(asset__in=assets).order_by()
    grouped = rows.values("asset_id", "reaction").annotate(
        shown=Count("pk"), finished=Count("finished_at")
    )
    return list(grouped.values_list("asset_id", "reaction", "shown", "finished"))


def minutes_of(assets: Collection[int]) -> dict[int, int]:
    """The minutes that the versions of each asset took; absent where none told."""
    told = AssetVersion.objects.filter(asset__in=assets, minutes__isnull=False).order_by()
    sums = told.values("asset_id").annotate(total=Sum("minutes"))
    return dict(sums.values_list("asset_id", "total"))


def figures(told: Counter[str], minutes: int | None) -> Figures:
    reactions = Showing.Reaction
    return Figures(
        shown=told["shown"],
        finished=told["finished"],
        helped=told[reactions.HELPED],
        partly=told[reactions.PARTLY],
        not_helped=told[reactions.NOT_HELPED],
        minutes=minutes,
    )


def coverage_of(asset: Asset, user: User) -> Coverage:
    found = (
        showings(user)
        .filter(asset=asset)
        .aggregate(
            shown=Count("engagement", distinct=True),
            finished=Count("engagement", distinct=True, filter=Q(finished_at__isnull=False)),
        )
    )
    return Coverage(found["shown"], found["finished"])


def results_of(asset: Asset, user: User) -> list[VersionResult]:
    """What came of each version of a script that was followed, the latest first; a talk whose
    contact was taken back does not count."""
    mine = walkthroughs(user).filter(version__asset=asset, ended_at__isnull=False).order_by()
    talks: dict[int, Counter[str]] = defaultdict(Counter)
    for number, outcome, n in (
        mine.filter(contact__isnull=False)
        .values("version__number", "outcome")
        .annotate(n=Count("pk"))
        .values_list("version__number", "outcome", "n")
    ):
        talks[number][outcome] = n
    plays = dict(
        mine.filter(partner__isnull=False)
        .values("version__number")
        .annotate(n=Count("pk"))
        .values_list("version__number", "n")
    )
    ticked = ticked_of(asset, user)
    versions = asset.versions.filter(number__in={*talks, *plays}).order_by("-number")
    return [
        result_of(each, talks[each.number], ticked.get(each.number), plays.get(each.number, 0))
        for each in versions
    ]


def ticked_of(asset: Asset, user: User) -> dict[int, float]:
    """How many items were ticked in a talk on average, where somebody answered."""
    rows = walkthroughs(user).filter(version__asset=asset, contact__isnull=False)
    answered = rows.exclude(outcome=Walkthrough.Outcome.NO_ANSWER).order_by()
    means = answered.values("version__number").annotate(mean=Avg("ticked"))
    return dict(means.values_list("version__number", "mean"))


def result_of(
    version: AssetVersion, told: Counter[str], ticked: float | None, plays: int
) -> VersionResult:
    outcomes = Walkthrough.Outcome
    bodies = [body for body in version.body.values() if body]
    return VersionResult(
        number=version.number,
        talks=sum(told.values()),
        reached=told[outcomes.REACHED],
        partly=told[outcomes.PARTLY],
        not_reached=told[outcomes.NOT_REACHED],
        no_answer=told[outcomes.NO_ANSWER],
        ticked=ticked,
        ticks=max((len(script_of(body, {}).ticks) for body in bodies), default=0),
        role_plays=plays,
    )
