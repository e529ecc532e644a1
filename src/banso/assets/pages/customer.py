"""What was shown to one customer, and the scripts at hand on their page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import QueryDict
from django.urls import reverse

from banso.assets.access import assets, in_use
from banso.assets.models import Asset, Showing, Walkthrough
from banso.assets.pages.listing import title_in
from banso.assets.use_forms import REACTIONS, ShowForm
from banso.base.fields import localized
from banso.base.models import Role, User
from banso.engagements.access import may_write
from banso.engagements.models import Engagement
from banso.parties.access import PersonAt, people_of
from banso.web.formats import language
from banso.web.paging import Listed, reach
from banso.web.tables import TableState

AT_HAND = 4
PER_PAGE = 30
MOST_OFFERED = 300


@dataclass(frozen=True)
class Offer:
    """An asset to choose, by its title."""

    uid: str
    kind: str
    title: str


@dataclass(frozen=True)
class ScriptsAtHand:
    """The scripts to open with the customer, the latest first, and those that are open: their
    talk's uid and title; neither for who only reads."""

    scripts: Sequence[Offer]
    going: Sequence[tuple[str, str]]
    may_open: bool


@dataclass(frozen=True)
class ShownLine:
    showing: Showing
    title: str


@dataclass(frozen=True)
class CustomerAssets:
    engagement: Engagement
    lines: Sequence[ShownLine]
    listed: Page[Showing]
    state: TableState
    offered: Sequence[Offer]
    scripts: Sequence[Offer]
    people: Sequence[PersonAt]
    reactions: Sequence[tuple[str, object]]
    form: ShowForm | None
    may_write: bool


def scripts_at_hand(engagement: Engagement, user: User, *, may_open: bool) -> ScriptsAtHand:
    """For the customer's page; one statement."""
    if not may_open:
        return ScriptsAtHand([], [], may_open)
    own = Walkthrough.objects.filter(
        by=user, engagement=engagement, ended_at=None, version__asset=OuterRef("pk")
    )
    rows = in_use(user, Asset.Kind.SCRIPT).annotate(
        talk=Subquery(own.order_by("-begun_at").values("uid")[:1])
    )
    ordered = rows.order_by(F("talk").desc(nulls_last=True), "-changed_at", "-pk")[:AT_HAND]
    told = [
        (talk, Offer(uid, Asset.Kind.SCRIPT, localized(title, language())))
        for uid, title, talk in ordered.values_list("uid", "title", "talk")
    ]
    return ScriptsAtHand(
        [offer for talk, offer in told if talk is None],
        [(talk, offer.title) for talk, offer in told if talk is not None],
        may_open,
    )


def offers(rows: QuerySet[Asset]) -> list[Offer]:
    told = rows.values_list("uid", "kind", "title")
    return [Offer(uid, kind, localized(title, language())) for uid, kind, title in told]


def shown_by(numbers: Collection[int]) -> dict[int, ShownLine]:
    """The showings of these numbers, in one statement."""
    rows = Showing.objects.filter(pk__in=list(numbers)).select_related("version")
    rows = rows.defer("version__body")
    return {each.pk: ShownLine(each, localized(each.version.title, language())) for each in rows}


def state_of(query: QueryDict, engagement: Engagement) -> TableState:
    path = reverse("customer-assets", args=[engagement.uid])
    return TableState.read(query, sortable=("at",), default="-at", path=path)


def customer_assets(
    engagement: Engagement,
    user: User,
    role: Role,
    *,
    today: date,
    state: TableState,
    form: ShowForm | None = None,
) -> CustomerAssets:
    """One page of what was shown; a fixed number of statements."""
    listed = Paginator(shown_to(engagement), PER_PAGE).get_page(state.page)
    lines = [
        ShownLine(each, localized(each.version.title, language())) for each in listed.object_list
    ]
    own = may_write(user, role, engagement)
    return CustomerAssets(
        engagement=engagement,
        lines=lines,
        listed=listed,
        state=state,
        offered=offers(by_title(to_show(user))) if own else [],
        scripts=offers(by_title(in_use(user, Asset.Kind.SCRIPT))) if own else [],
        people=people_of([engagement.party_id], today).get(engagement.party_id, []),
        reactions=REACTIONS,
        form=form,
        may_write=own,
    )


def shown_to(engagement: Engagement) -> Listed[Showing]:
    rows = Showing.objects.filter(engagement=engagement)
    size, more = reach(rows)
    ordered = rows.order_by("-at", "-id").select_related("version__asset", "person", "by")

    def fetch(first: int, last: int) -> Sequence[Showing]:
        return list(ordered.defer("version__body", "version__asset__body")[first:last])

    return Listed(fetch, size, more)


def to_show(user: User) -> QuerySet[Asset]:
    """What may be shown to a customer: all that is in force but scripts, which are followed."""
    rows = assets(user).filter(retired_at=None, current__isnull=False)
    return rows.exclude(kind=Asset.Kind.SCRIPT).select_related("current")


def by_title(rows: QuerySet[Asset]) -> QuerySet[Asset]:
    return rows.order_by(title_in(language()).asc(), "pk")[:MOST_OFFERED]
