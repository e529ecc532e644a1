"""What the pages about incoming meetings and mail show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.utils import timezone

from banso.base import search
from banso.base.models import Role, User
from banso.engagements.access import writable
from banso.engagements.models import Engagement
from banso.inbound.access import items
from banso.inbound.models import Calendar, Feed, Item, Refusal, Rule
from banso.inbound.people import PUBLIC_DOMAINS, domain_of
from banso.web.tables import TableState

SHOWN = 50
FOUND = 20


@dataclass(frozen=True)
class Guest:
    """Somebody outside who took part."""

    name: str
    email: str


@dataclass(frozen=True)
class Line:
    """One item of the list."""

    item: Item
    people: Sequence[Guest]


@dataclass(frozen=True)
class InboundPage:
    """What waits, and whether anything is connected."""

    lines: Sequence[Line]
    rows: Page[Item]
    state: TableState
    connected: bool
    refused: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class ItemPage:
    """One item, and the customers that it may belong to."""

    item: Item
    people: Sequence[Guest]
    domains: Sequence[str]
    query: str
    found: Sequence[Engagement]
    waiting: bool


@dataclass(frozen=True)
class ConnectionsPage:
    """What is connected for the reader; `secret` is the new feed's address, shown once."""

    calendar: Calendar | None
    feed: Feed | None
    secret: str
    address: str
    rules: Sequence[Rule]


def inbound_page(user: User, role: Role, state: TableState) -> InboundPage:
    waiting = items(user, role).filter(state=Item.State.WAITING)
    page = Paginator(waiting, SHOWN).get_page(state.page)
    connected = bool(settings.MAIL_ADDRESS) or Calendar.objects.filter(user=user).exists()
    return InboundPage(
        lines=[Line(item, guests(item)) for item in page],
        rows=page,
        state=state,
        connected=connected,
        refused=refusals() if role == Role.ADMIN else [],
    )


def guests(item: Item) -> list[Guest]:
    return [Guest(each["name"], each["email"]) for each in item.people]


def refusals() -> list[tuple[str, int]]:
    """The mails of the last 30 days that were not taken, by reason."""
    since = timezone.now() - timedelta(days=30)
    rows = Refusal.objects.filter(at__gte=since).values_list("reason").annotate(n=Count("id"))
    return sorted(rows)


def item_page(user: User, role: Role, item: Item, query: str) -> ItemPage:
    people = guests(item)
    domains = sorted({domain_of(each.email) for each in people} - PUBLIC_DOMAINS)
    return ItemPage(
        item=item,
        people=people,
        domains=domains,
        query=query,
        found=customers(user, role, query) if query else [],
        waiting=item.state == Item.State.WAITING,
    )


def customers(user: User, role: Role, query: str) -> list[Engagement]:
    """Customers that `user` may write for, found by words."""
    ids = search.found("engagement", query)
    mine = writable(user, role).filter(pk__in=ids, ended_on=None)
    return list(mine.order_by("party__name", "pk")[:FOUND])


def connections_page(user: User, secret: str = "") -> ConnectionsPage:
    return ConnectionsPage(
        calendar=Calendar.objects.filter(user=user).first(),
        feed=Feed.objects.filter(user=user).first(),
        secret=secret,
        address=settings.MAIL_ADDRESS,
        rules=list(Rule.objects.filter(by=user).select_related("engagement__party")[:SHOWN]),
    )
