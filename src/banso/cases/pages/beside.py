"""Cases where they help: beside a customer's gap, beside a kind of barrier; and how long effects
take, beside the targets being set."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from banso.base.models import Role, User
from banso.cases import access
from banso.cases.context import context_now
from banso.cases.finding import in_order, ranked
from banso.cases.models import Case, TypicalTime
from banso.cases.pages.telling import Told, tell
from banso.engagements.access import may_write
from banso.engagements.models import Engagement
from banso.goals.models import Standing
from banso.plays.models import Barrier, BarrierKind, Intervention

OPEN_GAP = 0.25
LOOKED_AT = 200
SHOWN = 3


@dataclass(frozen=True)
class Suggested:
    """The cases most like a customer, of a metric or a kind of barrier that is open with it."""

    engagement: Engagement
    lines: Sequence[Told]
    may_write: bool


@dataclass(frozen=True)
class Lowering:
    """The latest cases about a kind of barrier, or about any."""

    kind: BarrierKind | None
    lines: Sequence[Told]


@dataclass(frozen=True)
class TypicalTimes:
    """By metric; those that can be told first."""

    lines: Sequence[TypicalTime]


def suggested_page(engagement: Engagement, user: User, role: Role) -> Suggested:
    context = context_now(engagement)
    rows = access.cases(user).filter(access.TOLD, similar_gap(engagement))
    having = Intervention.objects.filter(engagement=engagement, ended_at=None)
    rows = rows.exclude(engagement=engagement)
    rows = rows.exclude(intervention__play__in=having.values("play"))
    best = ranked(rows.order_by("-published_at", "-pk")[:LOOKED_AT], context)[:SHOWN]
    return Suggested(
        engagement,
        tell(in_order(rows, best), user, context),
        may_write(user, role, engagement),
    )


def similar_gap(engagement: Engagement) -> Q:
    """Of cases: their metric is one on which this customer is far from the target, or they are
    about a kind of barrier that stands in its way."""
    standing = Standing.objects.filter(engagement=engagement).first()
    terms = standing.terms if standing else []
    keys = [each["metric"] for each in terms if each["gap"] >= OPEN_GAP]
    kinds = Barrier.objects.filter(engagement=engagement, lowered_at=None).values("kind")
    about = Case.objects.filter(barriers__kind__in=kinds)
    return Q(intervention__run__version__metric__key__in=keys) | Q(pk__in=about.values("pk"))


def lowering_page(user: User, kind: BarrierKind | None) -> Lowering:
    """Those whose barrier was lowered; a failure may have led to it as well."""
    lowered = Case.objects.filter(barriers__lowered_at__isnull=False)
    if kind is not None:
        lowered = Case.objects.filter(barriers__lowered_at__isnull=False, barriers__kind=kind)
    rows = access.cases(user).filter(access.TOLD, pk__in=lowered.values("pk"))
    return Lowering(kind, tell(list(rows.order_by("-published_at", "-pk")[:SHOWN]), user))


def typical_page() -> TypicalTimes:
    rows = TypicalTime.objects.filter(metric__retired_at=None).select_related("metric")
    return TypicalTimes(list(rows.order_by("reason", "-n", "pk")))
