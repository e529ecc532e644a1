"""What the pages about sources show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise

from banso.base.models import Role, User
from banso.base.roles import MANAGERS
from banso.base.workspace import workspace
from banso.events.access import Hidden
from banso.events.barred import kept_since
from banso.events.models import Inbox, Source
from banso.ingest.access import held, hidden_in, sources
from banso.ingest.models import Receipt, SourceMinute, Subject, Trouble, WriteKey
from banso.ingest.receipts import SHOWN, Line, unpacked
from banso.ingest.wording import NOTED, REFUSED

MINUTES = 60
FEW = 20
FEW_HELD = 4
PLACEHOLDER = "YOUR_WRITE_KEY"


@dataclass(frozen=True)
class SourcesPage:
    """Every source that sends, with its open keys, when it sent last and the last hour; events are
    kept since `kept`, or for good."""

    lines: Sequence[Source]
    kept: date | None
    may_write: bool


@dataclass(frozen=True)
class Seen:
    """One call in the debugger; `why` says why it was refused, `note` what was changed."""

    received: datetime
    line: Line
    why: str | Promise
    note: str | Promise


@dataclass(frozen=True)
class Problem:
    """Something that was refused, in words."""

    trouble: Trouble
    why: str | Promise
    sample: str


@dataclass(frozen=True)
class SetAside:
    """Batches that were taken and could not be loaded, and the kinds of errors."""

    batches: int
    events: int
    errors: str


@dataclass(frozen=True)
class Minute:
    """A minute with events: how many were taken and refused."""

    at: datetime
    taken: int
    refused: int


@dataclass(frozen=True)
class SourcePage:
    """One source; `secret` is a new key, shown once, else a placeholder stands in the snippets."""

    source: Source
    keys: Sequence[WriteKey]
    minutes: Sequence[Minute]
    hour: int
    problems: Sequence[Problem]
    aside: SetAside | None
    held: Sequence[Subject]
    seen: Sequence[Seen]
    may_write: bool
    secret: str
    server_key: str
    browser_key: str
    address: str


def sources_page(user: User, role: Role) -> SourcesPage:
    since = timezone.now() - timedelta(minutes=MINUTES)
    minutes = SourceMinute.objects.filter(source=OuterRef("pk"), minute__gte=since).order_by()
    taken = minutes.values("source").annotate(all=Sum("taken")).values("all")
    lines = sources(user).annotate(
        open_keys=Count("keys", filter=Q(keys__revoked_at=None)),
        seen_at=Max("keys__seen_at"),
        last_hour=Coalesce(Subquery(taken), 0),
    )
    return SourcesPage(list(lines), kept_since(workspace()), role in MANAGERS)


def source_page(
    user: User, role: Role, source: Source, address: str, secret: str = ""
) -> SourcePage:
    hidden, waiting = hidden_in(user), held(user).filter(source=source)
    keys = list(WriteKey.objects.filter(source=source).order_by("-id"))
    minutes = minutes_of(source)
    is_browser = secret.startswith("web_")
    public = [each.shown for each in keys if each.is_public and each.revoked_at is None]
    return SourcePage(
        source=source,
        keys=keys,
        minutes=minutes[:FEW],
        hour=sum(each.taken for each in minutes),
        problems=problems(source, hidden),
        aside=set_aside(source),
        held=list(waiting[:FEW_HELD]),
        seen=last_seen(source, hidden),
        may_write=role in MANAGERS,
        secret=secret,
        server_key=secret if secret and not is_browser else PLACEHOLDER,
        browser_key=public[0] if public else PLACEHOLDER,
        address=address,
    )


def set_aside(source: Source) -> SetAside | None:
    found = Inbox.objects.filter(source=source, is_aside=True).values_list("events", "error")
    if not found:
        return None
    events, errors = zip(*found, strict=True)
    return SetAside(len(events), sum(events), ", ".join(sorted(set(errors))))


def minutes_of(source: Source) -> list[Minute]:
    since = timezone.now() - timedelta(minutes=MINUTES)
    rows = SourceMinute.objects.filter(source=source, minute__gte=since).order_by("-minute")
    return [Minute(each.minute, each.taken, each.refused) for each in rows]


def problems(source: Source, hidden: Hidden) -> list[Problem]:
    rows = Trouble.objects.filter(source=source).order_by("-last_at")[:FEW]
    return [
        Problem(each, REFUSED.get(each.code, each.code), hidden.shown(each.sample)) for each in rows
    ]


def last_seen(source: Source, hidden: Hidden) -> list[Seen]:
    """The last calls of the source, the latest first, and what became of each."""
    found: list[Seen] = []
    for receipt in Receipt.objects.filter(source=source).order_by("-id")[:SHOWN]:
        found += [one(receipt.at, line, hidden) for line in lines_of(receipt)]
        if len(found) >= SHOWN:
            break
    return found[:SHOWN]


def lines_of(receipt: Receipt) -> list[Line]:
    """A request that was refused as a whole is one line."""
    if receipt.code:
        return [Line(code=receipt.code)]
    return unpacked(bytes(receipt.lines))[::-1]


def one(at: datetime, line: Line, hidden: Hidden) -> Seen:
    line.person, line.account = hidden.shown(line.person), hidden.shown(line.account)
    line.sample = hidden.shown(line.sample)
    why = REFUSED.get(line.code, line.code)
    return Seen(at, line, why, NOTED.get(line.note, line.note))
