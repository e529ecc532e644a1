"""The messages: what waits, went out, came back, is held back."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from banso.base import search
from banso.base.models import Role, User
from banso.messages.access import messages
from banso.messages.models import Message
from banso.messages.times import mail_is_set_up
from banso.web.paging import Listed, reach
from banso.web.tables import TableState

FILTERS = ("state", "why", "whose")
PER_PAGE = 30


@dataclass(frozen=True)
class MessagesPage:
    lines: Sequence[Message]
    listed: Page[Message]
    state: TableState
    states: Sequence[str]
    chosen: dict[str, str]
    undecided: bool
    set_up: bool
    empty: bool
    may_set: bool


def state_of(query: QueryDict) -> TableState:
    path = reverse("messages")
    return TableState.read(
        query, sortable=("written",), default="-written", filters=FILTERS, path=path
    )


def messages_page(user: User, role: Role, state: TableState) -> MessagesPage:
    """One page of the list; a fixed number of statements."""
    listed = Paginator(in_order(filtered(user, state)), PER_PAGE).get_page(state.page)
    uncertain = messages(user).filter(state=Message.State.UNCERTAIN)
    return MessagesPage(
        lines=list(listed.object_list),
        listed=listed,
        state=state,
        states=Message.State.values,
        chosen={name: state.filter(name) for name in FILTERS},
        undecided=uncertain.exists(),
        set_up=mail_is_set_up(),
        empty=not listed.paginator.count and not state.narrowed,
        may_set=role == Role.ADMIN,
    )


def filtered(user: User, state: TableState) -> QuerySet[Message]:
    rows = messages(user)
    for name in ("state", "why"):
        if state.filter(name):
            rows = rows.filter(**{name: state.filter(name)})
    if state.filter("whose") == "mine":
        rows = rows.filter(engagement__owner=user)
    if state.q:
        rows = rows.filter(engagement__in=search.found("engagement", state.q))
    return rows


def in_order(rows: QuerySet[Message]) -> Listed[Message]:
    """The latest first, counted only as far as somebody would page."""
    size, more = reach(rows)
    told = rows.select_related("engagement__party", "person", "by").defer("body")
    ordered = told.order_by("-written_at", "-id")

    def fetch(first: int, last: int) -> Sequence[Message]:
        return list(ordered[first:last])

    return Listed(fetch, size, more)
