"""What can be asked of where an engagement stands, and of its stage."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models import F, FloatField, QuerySet
from django.db.models.functions import Cast, NullIf
from django.utils.translation import gettext_lazy as _

from banso.actions.streams import last_contacts
from banso.base.fields import localized
from banso.core.conditions import Value
from banso.engagements.values import annual_values_at
from banso.goals.models import Standing
from banso.goals.stages import StageNow, stages_at, stages_in_use
from banso.metrics.comparing import any_row
from banso.metrics.fields import At, Choices, Field, offer_field
from banso.metrics.offered_fields import CONTRACT, LOOP
from banso.web.formats import language

STANDING, STAGE = _("Where they stand"), _("Stage")
PLANS = [
    ("own", _("Own plan")),
    ("standard", _("Standard plan")),
    ("proposed", _("Banso's proposal")),
    ("built_in", _("Contacts only")),
    ("none", _("No plan")),
]


def offer_all() -> None:
    """Add this room's fields to the registry."""
    for field in (*standing(), *daily(), *stage()):
        offer_field(field)


def standing() -> Iterator[Field]:
    """Known of today alone: it is what the standards, which may ask for segments, decide."""
    yield Field("gap", _("Gap"), "share", STANDING, q=any_row(rows, "gap"))
    yield Field("health", _("Health"), "number", STANDING, q=any_row(rows, "health"))
    yield Field("stake", _("Stake"), "money", STANDING, q=any_row(rows, "stake"))
    yield Field("measured", _("Measured share"), "share", STANDING, q=any_row(shares, "share"))
    yield Field("plan_kind", _("Kind of plan"), "choice", STANDING, lambda: PLANS, plans)
    yield Field("next_on", _("Next date"), "date", STANDING, q=any_row(rows, "next_on"))


def daily() -> Iterator[Field]:
    annual, spoken = any_row(rows, "annual_minor"), any_row(rows, "last_contact_on")
    yield Field("annual", _("Value per year"), "money", CONTRACT, q=annual, at=annual_values_at)
    yield Field("contact", _("Last contact"), "date", LOOP, q=spoken, at=spoken_at)


def stage() -> Iterator[Field]:
    within = any_row(rows, "stage__uid")
    since, at = any_row(rows, "stage_since"), of_stage(lambda now: now.since)
    yield Field("stage", _("Stage"), "choice", STAGE, stages, within, of_stage(uid_of))
    yield Field("stage_since", _("In the stage since"), "date", STAGE, q=since, at=at)


def rows(day: date) -> QuerySet[Standing]:
    return Standing.objects.filter(current=True)


def shares(day: date) -> QuerySet[Any]:
    part = Cast("measured", FloatField()) / NullIf(F("targets"), 0)
    return rows(day).annotate(share=part)


plans = any_row(rows, "plan")


def spoken_at(pairs: Collection[At]) -> Mapping[At, Value]:
    ids = {each for each, _ in pairs}
    found = {day: last_contacts(day, ids) for day in {pair[1] for pair in pairs}}
    return {(each, day): found[day].get(each) for each, day in pairs}


def of_stage(read: Callable[[StageNow], Value]) -> Callable[[Collection[At]], Mapping[At, Value]]:
    def at(pairs: Collection[At]) -> Mapping[At, Value]:
        return {pair: read(now) for pair, now in stages_at(pairs).items()}

    return at


def uid_of(now: StageNow) -> str:
    return now.stage.uid


def stages() -> Choices:
    return [(each.uid, localized(each.name, language())) for each in stages_in_use()]
