"""Keeping, sharing and dropping views of the customers."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.db.models import Q, QuerySet

from banso.base.activity import record
from banso.base.models import User
from banso.desk.models import FirstView, View
from banso.web.tables import TableState

NOT_KEPT = ("view", "page")


@dataclass(frozen=True)
class ViewTab:
    view: View
    href: str
    active: bool


@dataclass(frozen=True)
class ViewBar:
    """The views of a user as tabs; `changed`: the table no longer shows what the active one
    says; `query` is what would be kept."""

    tabs: Sequence[ViewTab]
    active: View | None
    changed: bool
    query: str
    mine: bool
    first: bool

    @property
    def none(self) -> bool:
        return self.active is None


def views_of(user: User) -> QuerySet[View]:
    """One's own and the shared ones, one's own first."""
    usable = View.objects.filter(Q(owner=user) | Q(shared=True)).select_related("owner")
    return usable.order_by("name", "pk")


def view_bar(user: User, state: TableState) -> ViewBar:
    rows = sorted(views_of(user), key=lambda each: each.owner_id != user.pk)
    asked = state.filter("view")
    active = next((each for each in rows if each.uid == asked), None)
    query = query_of(state)
    first = FirstView.objects.filter(user=user).values_list("view_id", flat=True).first()
    return ViewBar(
        tabs=[ViewTab(each, href_of(each, state.path), each == active) for each in rows],
        active=active,
        changed=active is not None and active.query != query,
        query=query,
        mine=active is not None and active.owner_id == user.pk,
        first=active is not None and active.pk == first,
    )


def query_of(state: TableState) -> str:
    """The state's own words, in one order, without the view's name and the page."""
    words = parse_qsl(state.href.partition("?")[2])
    return urlencode(sorted(each for each in words if each[0] not in NOT_KEPT))


def href_of(view: View, path: str) -> str:
    return f"{path}?{view.query}{'&' if view.query else ''}view={view.uid}"


def first_view(user: User) -> View | None:
    """The view that opens first, while it may be used."""
    first = FirstView.objects.filter(user=user).values("view")
    return views_of(user).filter(pk__in=first).first()


@transaction.atomic
def keep_view(*, by: User, name: str, query: str, shared: bool, first: bool) -> View:
    """Keep a view under a name; an own one of that name is replaced."""
    view, _ = View.objects.update_or_create(
        owner=by, name=name, defaults={"query": query, "shared": shared}
    )
    open_first(by=by, view=view, first=first)
    record("view.kept", actor=by, subject_id=view.pk, detail={"shared": shared})
    return view


@transaction.atomic
def open_first(*, by: User, view: View, first: bool) -> None:
    """Whether the user's customers open with this view."""
    if first:
        FirstView.objects.update_or_create(user=by, defaults={"view": view})
    else:
        FirstView.objects.filter(user=by, view=view).delete()


@transaction.atomic
def drop_view(*, by: User, view: View) -> None:
    """The view is gone, also for those who shared it."""
    number = view.pk
    view.delete()
    record("view.dropped", actor=by, subject_id=number)
