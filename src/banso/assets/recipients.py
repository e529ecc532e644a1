"""Whom a template may be for, and what its fields are filled with for them."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import translation

from banso.actions.streams import open_steps
from banso.base import search
from banso.base.models import User
from banso.base.workspace import workspace
from banso.engagements.access import engagements
from banso.engagements.models import Engagement
from banso.goals.share_content import statement_of
from banso.parties.models import Party
from banso.web.formats import day_text

OFFERED = 8


def recipients(user: User, q: str) -> QuerySet[Engagement]:
    """The first few customers that hold the words; without words, of the reader's own."""
    rows = engagements(user)
    asked = Q(pk__in=search.found("engagement", q)) if q else Q(owner=user)
    rows = rows.filter(asked)
    return rows.order_by("pk")[:OFFERED]


def values_for(
    engagement: Engagement,
    person: Party | None,
    *,
    today: date,
    language: str,
    shared_only: bool = False,
) -> Mapping[str, str]:
    """What is known of a customer today, field by field; "" for what is not. `shared_only`: of the
    next steps only what the other side is shown."""
    said = statement_of(engagement, today)
    steps = open_steps(today, [engagement.pk])
    step = (steps.filter(shared=True) if shared_only else steps).first()
    with translation.override(language):
        return {
            "customer": engagement.party.name,
            "contact": person.name if person else "",
            "owner": engagement.owner.name if engagement.owner else "",
            "company": workspace().name,
            "goal": said.words if said else "",
            "next_step": step.title if step else "",
            "next_step_due": day_text(step.due_on, "medium") if step else "",
            "today": day_text(today, "medium"),
        }
