"""What stands in the way of the demo's customers: noted, and lowered later."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

from banso.demo import names
from banso.demo.house import Act, House
from banso.demo.recipes import Recipes
from banso.demo.wordings import said
from banso.engagements.models import Engagement
from banso.events.models import ExternalId
from banso.goals.models import Standing
from banso.metrics.models import Metric
from banso.plays.barrier_actions import lower_barrier, note_barrier
from banso.plays.models import Barrier, Intervention

NOTED = 0.03
"""The share of the customers with a gap of whom somebody hears of a barrier in two weeks."""
GAP = 0.2
LOWERED, LOWERED_AFTER_PLAY = 0.08, 0.5
FEWEST_DAYS = timedelta(days=21)
HEARD_AFTER = timedelta(days=7)


class Hurdles:
    """`left`: on which day the leading person of a customer's left."""

    def __init__(self, house: House, recipes: Recipes, left: Mapping[str, date]) -> None:
        self.house, self.recipes = house, recipes
        self.words = names.words("year")
        self.left = dict(left)
        self.noted: dict[int, Mapping[str, Any]] = {}

    def heard(self, day: date) -> Iterator[Act]:
        yield from self.of_leads(day)
        yield from self.of_gaps(day)
        yield from self.lowered(day)

    def of_leads(self, day: date) -> Iterator[Act]:
        """Somebody hears of it a week later."""
        for account, on in sorted(self.left.items()):
            if on + HEARD_AFTER <= day:
                del self.left[account]
                engagement = Engagement.objects.select_related("owner").get(
                    external_ids__value=account, external_ids__kind=ExternalId.Kind.ACCOUNT
                )
                told = self.words["lead_left"] | {"kind": "lead", "side": "theirs"}
                yield from self.noting(engagement, told, day)

    def of_gaps(self, day: date) -> Iterator[Act]:
        rows = Standing.objects.filter(current=True, gap__gte=GAP).order_by("engagement_id")
        for row in rows.select_related("engagement__owner"):
            if self.house.chance(NOTED):
                told = self.house.one_of(self.words["barriers"])
                yield from self.noting(row.engagement, told, day)

    def noting(self, engagement: Engagement, told: Mapping[str, Any], day: date) -> Iterator[Act]:
        standing = Standing.objects.filter(pk=engagement.pk).first()
        terms = standing.terms if standing else []
        metric = Metric.objects.filter(key=terms[0]["metric"]).first() if terms else None
        if engagement.owner is not None and metric is not None:
            yield Act(self.house.moment(day), partial(self.note, engagement, told, metric))

    def note(self, engagement: Engagement, told: Mapping[str, Any], metric: Metric) -> None:
        assert engagement.owner is not None
        row = note_barrier(
            engagement=engagement,
            by=engagement.owner,
            kind=self.recipes.kinds[told["kind"]],
            side=told["side"],
            metric=metric,
            words=said(told["words"], self.house.language),
        )
        self.noted[row.pk] = told

    def lowered(self, day: date) -> Iterator[Act]:
        """More readily where a play against its kind was done since it was noted."""
        rows = Barrier.objects.filter(lowered_at=None, noted_at__date__lte=day - FEWEST_DAYS)
        for row in rows.select_related("engagement__owner").order_by("pk"):
            if self.house.chance(LOWERED_AFTER_PLAY if helped(row) else LOWERED):
                yield Act(self.house.moment(day), partial(self.lower, row))

    def lower(self, row: Barrier) -> None:
        words = said(self.noted[row.pk]["lowered"], self.house.language)
        lower_barrier(barrier=row, by=row.engagement.owner, words=words)


def helped(row: Barrier) -> bool:
    done = Intervention.objects.filter(engagement=row.engagement_id, ended_as="done")
    return done.filter(play__kinds=row.kind_id, ended_at__gt=row.noted_at).exists()
