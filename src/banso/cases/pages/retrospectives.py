"""Retrospectives: the list, one with what came out of it, and the one being written."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.urls import reverse

from banso.base.models import Role, User
from banso.base.roles import WRITERS
from banso.cases import access
from banso.cases.forms import ActionForm, NamedForm, RetrospectiveForm
from banso.cases.models import Outcome, Retrospective
from banso.cases.retrospectives import WORDS, Occasion
from banso.core.pseudonyms import named
from banso.engagements.access import owners
from banso.web.paging import Listed, reach
from banso.web.tables import TableState

PER_PAGE = 25


@dataclass(frozen=True)
class RetrospectivesPage:
    rows: Sequence[Retrospective]
    listed: Page[Retrospective]
    state: TableState
    may_write: bool


@dataclass(frozen=True)
class RetrospectivePage:
    """`colleagues` are those whose name stands in the words."""

    found: Retrospective
    outcomes: Sequence[Outcome]
    colleagues: Sequence[str]
    play: NamedForm
    kind: NamedForm
    action: ActionForm
    may_change: bool


@dataclass(frozen=True)
class LookingBack:
    """A retrospective being written; `found` is None for one not yet kept."""

    of: Occasion
    found: Retrospective | None
    form: RetrospectiveForm
    query: str = ""


def state_of(query: QueryDict) -> TableState:
    return TableState.read(query, sortable=(), default="", path=reverse("retrospectives"))


def retrospectives_page(user: User, role: Role, state: TableState) -> RetrospectivesPage:
    rows = access.retrospectives(user)
    size, more = reach(rows)
    ordered = rows.order_by("-held_on", "-pk")
    fetched = Listed(lambda first, last: list(ordered[first:last]), size, more)
    listed: Page[Retrospective] = Paginator(fetched, PER_PAGE).get_page(state.page)
    return RetrospectivesPage(list(listed.object_list), listed, state, role in WRITERS)


def retrospective_page(found: Retrospective, user: User, role: Role) -> RetrospectivePage:
    outcomes = found.outcomes.select_related("play", "kind", "action__owner")
    mine = {"owner": user.uid}
    return RetrospectivePage(
        found=found,
        outcomes=list(outcomes),
        colleagues=colleagues_in(found),
        play=NamedForm(auto_id="play_%s"),
        kind=NamedForm(auto_id="kind_%s"),
        action=ActionForm(initial=mine),
        may_change=access.may_go_on(user, role, found),
    )


def colleagues_in(found: Retrospective) -> list[str]:
    """Whose name stands in the words: systems are looked at, not people."""
    text = "\n".join(getattr(found, name) for name in WORDS)
    return named(text, owners().values_list("name", flat=True))
