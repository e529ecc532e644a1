"""The cases: found by situation, or the latest; for a customer, the most alike first."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse

from banso.base.models import User
from banso.cases import access, finding
from banso.cases.context import context_now
from banso.cases.models import Case
from banso.cases.pages.telling import Told, tell
from banso.engagements.access import engagements, readable
from banso.engagements.models import Engagement
from banso.plays.models import BarrierKind
from banso.web.paging import Listed, reach
from banso.web.tables import TableState

PER_PAGE = 20
FILTERS = ("ending", "kind", "state", "for")
STATES = {
    "": access.TOLD,
    "drafts": Q(published_at=None),
    "retired": Q(retired_at__isnull=False),
}


@dataclass(frozen=True)
class CasesPage:
    """`asking` is the customer for whom one looks."""

    lines: Sequence[Told]
    listed: Page[Case]
    state: TableState
    kinds: Sequence[BarrierKind]
    asking: Engagement | None
    empty: bool

    @property
    def chosen(self) -> dict[str, str]:
        return {name: self.state.filter(name) for name in FILTERS}


def state_of(query: QueryDict) -> TableState:
    path = reverse("cases")
    return TableState.read(query, sortable=(), default="", filters=FILTERS, path=path)


def cases_page(user: User, state: TableState) -> CasesPage:
    asking = engagements(user).filter(uid=state.filter("for")).first()
    context = context_now(asking) if asking else None
    rows = narrowed(access.cases(user), user, state)
    if state.q:
        hits = finding.found(rows, state.q, context)
        fetched = Listed(lambda first, last: finding.in_order(rows, hits[first:last]), len(hits))
    else:
        fetched = listing(rows)
    listed: Page[Case] = Paginator(fetched, PER_PAGE).get_page(state.page)
    return CasesPage(
        lines=tell(list(listed.object_list), user, context),
        listed=listed,
        state=state,
        kinds=list(BarrierKind.objects.filter(retired_at=None)),
        asking=asking,
        empty=not listed.paginator.count and not state.narrowed,
    )


def narrowed(rows: QuerySet[Case], user: User, state: TableState) -> QuerySet[Case]:
    """Drafts and retired ones are for who reads the customer."""
    which = STATES.get(state.filter("state"), access.TOLD)
    rows = rows.filter(which) if which is access.TOLD else rows.filter(which, readable(user))
    if state.filter("ending"):
        rows = rows.filter(ending=state.filter("ending"))
    if state.filter("kind"):
        about = Case.objects.filter(barriers__kind__uid=state.filter("kind"))
        rows = rows.filter(pk__in=about.values("pk"))
    return rows


def listing(rows: QuerySet[Case]) -> Listed[Case]:
    size, more = reach(rows)
    ordered = rows.order_by("-published_at", "-pk")
    return Listed(lambda first, last: list(ordered[first:last]), size, more)
