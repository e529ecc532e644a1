"""Where a customer stood when an intervention was given, and how alike another one is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from banso.base.workspace import local_today
from banso.cases.models import Case
from banso.core.estimate import Estimate, NotEstimable
from banso.core.likeness import Near, Same, Scale, Trait, likeness
from banso.engagements.models import Engagement
from banso.engagements.values import seats_at
from banso.goals.models import Standing
from banso.parties.models import Organization
from banso.plays.models import Intervention

SCALES: Mapping[str, Scale] = {
    "gap": Near(0.5, weight=2),
    "stage": Same(weight=2),
    "industry": Same(),
    "segment": Same(),
    "touch": Same(),
    "seats": Near(10, weight=0.5, times=True),
    "annual_minor": Near(10, weight=0.5, times=True),
}
SMALL, LARGE = 30, 300


@dataclass(frozen=True)
class Context:
    """What a case keeps of its customer then, and what another customer is compared by."""

    industry: str
    segment: str
    touch: str
    stage: int | None
    seats: int | None
    annual_minor: int | None
    gap: float | None

    @property
    def traits(self) -> dict[str, Trait]:
        stage = None if self.stage is None else str(self.stage)
        return vars(self) | {"stage": stage}


def context_then(row: Intervention) -> Context:
    """From what was known when it was given; what the engagement says of industry and segment
    has no history and is of today."""
    stood = row.known.get("stood", {})
    touch = row.situation.partition("|")[0]
    pair = (row.engagement_id, row.as_of)
    return Context(
        industry=industries([row.engagement.party_id]).get(row.engagement.party_id, ""),
        segment=row.engagement.segment,
        touch=touch if touch in Engagement.Touch.values else row.engagement.touch,
        stage=stood.get("stage_id"),
        seats=seats_at([pair])[pair],
        annual_minor=stood.get("annual_minor"),
        gap=stood.get("gap"),
    )


def context_now(engagement: Engagement) -> Context:
    standing = Standing.objects.filter(engagement=engagement).first()
    party, pair = engagement.party_id, (engagement.pk, local_today())
    return Context(
        industry=industries([party]).get(party, ""),
        segment=engagement.segment,
        touch=engagement.touch,
        stage=standing.stage_id if standing else None,
        seats=seats_at([pair])[pair],
        annual_minor=standing.annual_minor if standing else None,
        gap=standing.gap if standing else None,
    )


def context_of(case: Case) -> Context:
    return Context(
        case.industry,
        case.segment,
        case.touch,
        case.stage_id,
        case.seats,
        case.annual_minor,
        case.gap,
    )


def alike(case: Case, asking: Context) -> Estimate | NotEstimable:
    """How alike the customer of a case was to one that asks (docs/methods/likeness.md)."""
    return likeness(context_of(case).traits, asking.traits, SCALES)


def size_of(seats: int | None) -> str:
    """small, medium or large; "" where it is not known."""
    if seats is None:
        return ""
    return "small" if seats < SMALL else "large" if seats >= LARGE else "medium"


def industries(parties: Collection[int]) -> dict[int, str]:
    rows = Organization.objects.filter(party__in=list(parties))
    return dict(rows.values_list("party_id", "industry"))
