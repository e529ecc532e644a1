"""The assets: what there is, whether it may be trusted, and how it is used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet, Value
from django.db.models.expressions import OrderBy
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, NullIf
from django.http import QueryDict
from django.urls import reverse

from banso.assets.access import assets
from banso.assets.figures import Figures, figures_of
from banso.assets.models import Asset
from banso.base import search
from banso.base.fields import localized
from banso.base.models import Role, User
from banso.base.roles import WRITERS
from banso.base.workspace import local_today
from banso.engagements.access import owners
from banso.web.formats import language
from banso.web.paging import Listed, reach
from banso.web.tables import TableState

COLUMNS = {"kind": "kind", "owner": "owner__name", "review": "review_by", "changed": "changed_at"}
SORTABLE = ("title", *COLUMNS)
FILTERS = ("kind", "owner", "state", "audience")
STATES = ("overdue", "drafts", "retired")
PER_PAGE = 30
OVERDUE_SHOWN = 5


@dataclass(frozen=True)
class AssetLine:
    asset: Asset
    title: str
    figures: Figures
    overdue: bool


@dataclass(frozen=True)
class AssetsPage:
    """`overdue` are the first of those to look at again, whoever asks for whatever list."""

    lines: Sequence[AssetLine]
    listed: Page[Asset]
    state: TableState
    today: date
    kinds: Sequence[str]
    states: Sequence[str]
    audiences: Sequence[str]
    owners: Sequence[User]
    chosen: dict[str, str]
    overdue: Sequence[AssetLine]
    overdue_more: bool
    empty: bool
    may_write: bool


def state_of(query: QueryDict) -> TableState:
    return TableState.read(
        query, sortable=SORTABLE, default="-changed", filters=FILTERS, path=reverse("assets")
    )


def assets_page(user: User, role: Role, state: TableState) -> AssetsPage:
    """One page of the list; a fixed number of statements."""
    today = local_today()
    rows = filtered(user, state, today)
    listed = Paginator(listing(rows, state), PER_PAGE).get_page(state.page)
    shown = list(listed.object_list)
    late = list(to_review(user, today)[: OVERDUE_SHOWN + 1])
    figures = figures_of(shown, user)
    return AssetsPage(
        lines=[line(each, figures[each.pk], today) for each in shown],
        listed=listed,
        state=state,
        today=today,
        kinds=Asset.Kind.values,
        states=STATES,
        audiences=Asset.Audience.values,
        owners=list(owners()),
        chosen={name: state.filter(name) for name in FILTERS},
        overdue=[line(each, Figures(), today) for each in late[:OVERDUE_SHOWN]],
        overdue_more=len(late) > OVERDUE_SHOWN,
        empty=not listed.paginator.count and not state.narrowed,
        may_write=role in WRITERS,
    )


def line(asset: Asset, figures: Figures, today: date) -> AssetLine:
    late = asset.review_by is not None and asset.review_by < today
    return AssetLine(asset, localized(asset.title, language()), figures, late)


def to_review(user: User, today: date) -> QuerySet[Asset]:
    """Those whose day to look again has passed, the longest first."""
    rows = assets(user).filter(retired_at=None, review_by__lt=today)
    return rows.select_related("owner").defer("body").order_by("review_by", "pk")


def filtered(user: User, state: TableState, today: date) -> QuerySet[Asset]:
    rows = assets(user)
    if state.filter("state") == "retired":
        rows = rows.filter(retired_at__isnull=False)
    else:
        rows = rows.filter(retired_at=None)
    if state.filter("state") == "overdue":
        rows = rows.filter(review_by__lt=today)
    if state.filter("state") == "drafts":
        rows = rows.filter(unpublished=True)
    for name in ("kind", "audience"):
        if state.filter(name):
            rows = rows.filter(**{name: state.filter(name)})
    if state.filter("owner"):
        rows = rows.filter(owner__uid=state.filter("owner"))
    if state.q:
        rows = rows.filter(pk__in=search.found("asset", state.q))
    return rows


def listing(rows: QuerySet[Asset], state: TableState) -> Listed[Asset]:
    """The rows in the state's order, counted only as far as somebody would page."""
    size, more = reach(rows)
    ordered = in_order(rows, state)

    def fetch(first: int, last: int) -> Sequence[Asset]:
        told = ordered.select_related("owner", "current").defer("body", "current__body")
        return list(told[first:last])

    return Listed(fetch, size, more)


def in_order(rows: QuerySet[Asset], state: TableState) -> QuerySet[Asset]:
    """The unknown last, whichever way."""
    down = state.descending
    if state.key == "title":
        order = OrderBy(title_in(language()), descending=down, nulls_last=True)
    else:
        order = OrderBy(F(COLUMNS[state.key]), descending=down, nulls_last=True)
    return rows.order_by(order, "-pk" if down else "pk")


def title_in(spoken: str) -> Coalesce:
    """The title in a language, else in the other."""
    other = "en" if spoken == "ja" else "ja"
    own = NullIf(KeyTextTransform(spoken, "title"), Value(""))
    return Coalesce(own, KeyTextTransform(other, "title"))
