"""What can be asked of an engagement's barriers and plays."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from banso.base.fields import localized
from banso.base.workspace import day_end
from banso.core.conditions import Scalar, Value
from banso.metrics.comparing import any_row
from banso.metrics.fields import At, Choices, Field, offer_field
from banso.plays.models import Barrier, BarrierKind
from banso.web.formats import language

BARRIERS = _("Barriers")
SIDES: Choices = [("ours", _("At our side")), ("theirs", _("At their side"))]


def offer_all() -> None:
    """Add this room's fields to the registry."""
    for field in of_barriers():
        offer_field(field)


def of_barriers() -> Iterator[Field]:
    kind, side = any_row(still_open, "kind__uid"), any_row(still_open, "side")
    yield Field("barrier", _("Open barrier"), "choice", BARRIERS, kinds, kind, kinds_at)
    yield Field(
        "barrier_side", _("Side of an open barrier"), "choice", BARRIERS, sides, side, sides_at
    )


def kinds() -> Choices:
    rows = BarrierKind.objects.filter(retired_at=None)
    return [(each.uid, localized(each.name, language())) for each in rows]


def sides() -> Choices:
    return SIDES


def still_open(day: date) -> QuerySet[Barrier]:
    return Barrier.objects.filter(lowered_at=None)


def kinds_at(pairs: Collection[At]) -> Mapping[At, Value]:
    return open_at("kind__uid", pairs)


def sides_at(pairs: Collection[At]) -> Mapping[At, Value]:
    return open_at("side", pairs)


def open_at(path: str, pairs: Collection[At]) -> dict[At, Value]:
    """What the barriers that were open at the end of each day say."""
    found: dict[At, set[Scalar]] = {pair: set() for pair in pairs}
    for day in {pair[1] for pair in pairs}:
        end = day_end(day)
        rows = Barrier.objects.filter(Q(lowered_at=None) | Q(lowered_at__gte=end), noted_at__lt=end)
        for engagement, value in rows.values_list("engagement_id", path):
            if (engagement, day) in found:
                found[engagement, day].add(value)
    return {pair: frozenset(values) for pair, values in found.items()}
