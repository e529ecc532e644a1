"""Open next steps of one or all colleagues, soonest first."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from banso.actions.models import Action
from banso.base.models import Role, User
from banso.base.roles import WRITERS
from banso.base.workspace import local_today
from banso.engagements.access import changer, owners, readable
from banso.web.tables import TableState

PER_PAGE = 50
WHEN = ("overdue", "week", "all")


@dataclass(frozen=True)
class Promises:
    today: date
    listed: Page[Action]
    mine_to_close: Collection[int]
    state: TableState
    owners: Sequence[User]
    owner: str
    when: str
    choices: Sequence[str] = WHEN


def promises_page(*, user: User, role: Role, state: TableState) -> Promises:
    """The open steps of the customers that `user` may read, and which of them they may close."""
    today = local_today()
    when = state.filter("due") if state.filter("due") in WHEN else "all"
    rows = promised(user, state.filter("owner"), when, today)
    listed = Paginator(rows, PER_PAGE).get_page(state.page)
    return Promises(
        today=today,
        listed=listed,
        mine_to_close=closable(user, role, list(listed.object_list)),
        state=state,
        owners=list(owners()),
        owner=state.filter("owner"),
        when=when,
    )


def closable(user: User, role: Role, steps: Sequence[Action]) -> set[int]:
    """Of these steps, those that are the user's own or about a customer they may change."""
    may_change = changer(user, role)
    own = user.pk if role in WRITERS else None
    return {each.pk for each in steps if each.owner_id == own or may_change(each.engagement)}


def promised(user: User, owner: str, when: str, today: date) -> QuerySet[Action]:
    until = {"overdue": today - timedelta(days=1), "week": today + timedelta(days=7)}
    due = Q(due_on__lte=until[when]) if when in until else Q()
    whose = Q(owner__uid=owner) if owner else Q()
    return (
        Action.objects.filter(due, whose, readable(user), closed_as="")
        .select_related("engagement__party", "owner")
        .order_by("due_on", "id")
    )
