"""What comes up for a visitor on a page: of the placements that fit, the first they are not done
with. A fixed number of statements, however many placements, customers and conditions there are."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import Q, QuerySet

from banso.assets.models import Asset
from banso.core.conditions import load
from banso.core.page_patterns import is_on
from banso.inproduct.actions import EVERYBODY
from banso.inproduct.models import Appearance, Placement
from banso.inproduct.visitors import Visitor
from banso.metrics.segments import holding

MOST = 50
"""So many that fit a page are looked at; the others wait until some of these are retired."""


def offered(
    visitor: Visitor, *, page: str, today: date, without: Collection[str] = ()
) -> Placement | None:
    """`without`: those that somebody we do not remember has closed on this page."""
    fitting = [
        each
        for each in in_use(visitor.source, today)
        if is_on(each.page, page) and each.uid not in without
    ][:MOST]
    open_to = [each for each in fitting if may_see(each, visitor)]
    return first(open_to, visitor) if visitor.identity else next(iter(open_to), None)


def in_use(source: int, today: date) -> QuerySet[Placement]:
    """The active placements of a product today whose asset the other side may read."""
    begun = Q(from_on=None) | Q(from_on__lte=today)
    lasting = Q(until_on=None) | Q(until_on__gte=today)
    rows = Placement.objects.filter(
        begun,
        lasting,
        source=source,
        activated_at__isnull=False,
        retired_at=None,
        asset__kind=Asset.Kind.GUIDE,
        asset__retired_at=None,
        asset__current__isnull=False,
    )
    outside = rows.exclude(asset__audience=Asset.Audience.INTERNAL)
    return outside.select_related("asset").defer("asset__body", "asset__title")


def may_see(placement: Placement, visitor: Visitor) -> bool:
    """What asks about a customer, or is for customers only, is for people of one."""
    return is_for_anybody(placement) or visitor.engagement is not None


def is_for_anybody(placement: Placement) -> bool:
    public = placement.asset.audience == Asset.Audience.PUBLIC
    return public and load(placement.condition) == EVERYBODY


def first(placements: Sequence[Placement], visitor: Visitor) -> Placement | None:
    """The first that the person is not done with and whose condition holds for their account."""
    done = Appearance.objects.filter(person=visitor.name, placement__in=placements)
    over = set(done.exclude(ended_as="").values_list("placement", flat=True))
    left = [each for each in placements if each.pk not in over]
    asked = {each.pk: load(each.condition) for each in left}
    asking = {pk: each for pk, each in asked.items() if each != EVERYBODY}
    holds = holding(asking, visitor.engagement) if asking and visitor.engagement else set()
    return next((each for each in left if each.pk not in asking or each.pk in holds), None)
