"""To whom an asset was shown: who finished it, and what they said."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from banso.assets.access import showings
from banso.assets.models import Asset, Showing
from banso.assets.use_forms import REACTIONS
from banso.base.fields import localized
from banso.base.models import User
from banso.web.formats import language
from banso.web.paging import Listed, reach
from banso.web.tables import TableState

PER_PAGE = 50
FILTERS = ("what",)


@dataclass(frozen=True)
class ShowingsPage:
    asset: Asset
    title: str
    lines: Sequence[Showing]
    listed: Page[Showing]
    state: TableState
    reactions: Sequence[tuple[str, object]]

    @property
    def chosen(self) -> str:
        return self.state.filter("what")


def state_of(query: QueryDict, asset: Asset) -> TableState:
    path = reverse("asset-showings", args=[asset.uid])
    return TableState.read(query, sortable=("at",), default="-at", filters=FILTERS, path=path)


def showings_page(asset: Asset, user: User, state: TableState) -> ShowingsPage:
    """One page, the latest first; a fixed number of statements."""
    rows = those(showings(user).filter(asset=asset), state.filter("what"))
    listed = Paginator(listing(rows), PER_PAGE).get_page(state.page)
    return ShowingsPage(
        asset=asset,
        title=localized(asset.title, language()),
        lines=list(listed.object_list),
        listed=listed,
        state=state,
        reactions=REACTIONS,
    )


def those(rows: QuerySet[Showing], what: str) -> QuerySet[Showing]:
    """All, those that were finished or not, or those of a reaction."""
    if what in ("finished", "not_finished"):
        return rows.filter(finished_at__isnull=what == "not_finished")
    if what in Showing.Reaction.values and what:
        return rows.filter(reaction=what)
    return rows


def listing(rows: QuerySet[Showing]) -> Listed[Showing]:
    size, more = reach(rows)
    told = rows.select_related("engagement__party", "person", "by", "version")
    ordered = told.defer("version__body").order_by("-at", "-id")
    return Listed(lambda first, last: list(ordered[first:last]), size, more)
