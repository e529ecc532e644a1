"""Open next steps of one or all colleagues, soonest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from banso.actions.models import Action
from banso.base.models import User
from banso.base.workspace import local_today
from banso.engagements.access import owners, readable
from banso.web.tables import TableState

PER_PAGE = 50
WHEN = ("overdue", "week", "all")


@dataclass(frozen=True)
class Promises:
    today: date
    listed: Page[Action]
    state: TableState
    owners: Sequence[User]
    owner: str
    when: str
    choices: Sequence[str] = WHEN


def promises_page(*, user: User, state: TableState) -> Promises:
    """The open steps of the customers that `user` may read."""
    today = local_today()
    when = state.filter("due") if state.filter("due") in WHEN else "all"
    rows = promised(user, state.filter("owner"), when, today)
    return Promises(
        today=today,
        listed=Paginator(rows, PER_PAGE).get_page(state.page),
        state=state,
        owners=list(owners()),
        owner=state.filter("owner"),
        when=when,
    )


def promised(user: User, owner: str, when: str, today: date) -> QuerySet[Action]:
    until = {"overdue": today - timedelta(days=1), "week": today + timedelta(days=7)}
    due = Q(due_on__lte=until[when]) if when in until else Q()
    whose = Q(owner__uid=owner) if owner else Q()
    return (
        Action.objects.filter(due, whose, readable(user), closed_as="")
        .select_related("engagement__party", "owner")
        .order_by("due_on", "id")
    )
