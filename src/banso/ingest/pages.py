"""What the pages about sources show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.functional import Promise

from banso.base.models import Role, User
from banso.events.access import Hidden
from banso.events.models import Inbox, Source
from banso.ingest.access import hidden_in, may_change, sources
from banso.ingest.models import Receipt, SourceMinute, Trouble, WriteKey
from banso.ingest.receipts import SHOWN, Line, unpacked
from banso.ingest.snippets import Snippet, snippets
from banso.ingest.wording import NOTED, REFUSED

MINUTES = 60
type Text = str | Promise


@dataclass(frozen=True)
class SourceLine:
    """One source in the list."""

    source: Source
    keys: int
    seen_at: datetime | None
    minutes: Sequence[float]
    last_hour: int
    refused: int


@dataclass(frozen=True)
class SourcesPage:
    """All sources that products send to; `others` may be given a key too."""

    lines: Sequence[SourceLine]
    others: Sequence[Source]
    may_change: bool


@dataclass(frozen=True)
class TroubleLine:
    """Something that was refused, in words, with the last one of its kind."""

    trouble: Trouble
    words: Text
    sample: str


@dataclass(frozen=True)
class SourcePage:
    """One source: its keys, what arrives, what was refused, how to send. `secret` is a key that
    was just made, shown this once."""

    source: Source
    line: SourceLine
    keys: Sequence[WriteKey]
    troubles: Sequence[TroubleLine]
    snippets: Sequence[Snippet]
    secret: str
    may_change: bool


@dataclass(frozen=True)
class EventLine:
    """One call in the debugger: what it was and what became of it."""

    line: Line
    received_at: datetime
    key: str
    person: str
    account: str
    sample: str
    state: str
    words: Text
    note: Text


@dataclass(frozen=True)
class LivePage:
    """The last events of a source, the latest first."""

    source: Source
    lines: Sequence[EventLine]


def sources_page(user: User, role: Role) -> SourcesPage:
    mine = list(sources(user))
    others = Source.objects.exclude(pk__in=[each.pk for each in mine]).order_by("name")
    return SourcesPage(source_lines(mine), list(others), may_change(role))


def source_page(
    user: User, role: Role, source: Source, address: str, secret: str = ""
) -> SourcePage:
    keys = list(source.keys.select_related("made_by", "replaces").order_by("-revoked_at", "id"))
    hidden = hidden_in(user, source)
    return SourcePage(
        source=source,
        line=source_lines([source])[0],
        keys=sorted(keys, key=lambda each: each.revoked_at is not None),
        troubles=[
            TroubleLine(each, REFUSED[each.code], hidden.shown(each.sample))
            for each in source.troubles.order_by("-last_at")
        ],
        snippets=snippets(keys, address, secret),
        secret=secret,
        may_change=may_change(role),
    )


def source_lines(mine: Sequence[Source]) -> list[SourceLine]:
    """Counts of the last hour come from whole minutes and what is not folded into them yet."""
    ids = [each.pk for each in mine]
    keys = {
        row["source"]: row
        for row in WriteKey.objects.filter(source__in=ids)
        .values("source")
        .annotate(seen=Max("seen_at"), n=Count("id", filter=Q(revoked_at=None)))
    }
    now = timezone.now().replace(second=0, microsecond=0)
    counts = minute_counts(ids, now - timedelta(minutes=MINUTES - 1))
    return [line(each, keys[each.pk], counts, now) for each in mine]


def line(
    source: Source,
    keys: Mapping[str, object],
    counts: Mapping[tuple[int, datetime], tuple[int, int]],
    now: datetime,
) -> SourceLine:
    minutes = [now - timedelta(minutes=back) for back in range(MINUTES - 1, -1, -1)]
    found = [counts.get((source.pk, minute), (0, 0)) for minute in minutes]
    return SourceLine(
        source=source,
        keys=int(str(keys["n"])),
        seen_at=keys["seen"],  # type: ignore[arg-type]
        minutes=[float(taken) for taken, _ in found],
        last_hour=sum(taken for taken, _ in found),
        refused=sum(refused for _, refused in found),
    )


def minute_counts(
    ids: Sequence[int], since: datetime
) -> dict[tuple[int, datetime], tuple[int, int]]:
    """Taken and refused, by source and minute."""
    folded = SourceMinute.objects.filter(source__in=ids, minute__gte=since)
    found = {(row.source_id, row.minute): (row.taken, row.refused) for row in folded}
    waiting = Receipt.objects.filter(source__in=ids, folded=False, at__gte=since)
    for source, at, taken, refused in waiting.values_list("source", "at", "taken", "refused"):
        key = (source, at.replace(second=0, microsecond=0))
        before = found.get(key, (0, 0))
        found[key] = (before[0] + taken, before[1] + refused)
    return found


def live_page(user: User, source: Source) -> LivePage:
    receipts = list(source.receipts.select_related("key").order_by("-id")[:SHOWN])
    waiting = set(
        Inbox.objects.filter(pk__in=[each.inbox for each in receipts if each.inbox]).values_list(
            "pk", flat=True
        )
    )
    hidden = hidden_in(user, source)
    lines = [
        event_line(receipt, each, hidden, receipt.inbox in waiting)
        for receipt in receipts
        for each in reversed(unpacked(bytes(receipt.lines)) or [Line(code=receipt.code)])
    ]
    return LivePage(source, lines[:SHOWN])


def event_line(receipt: Receipt, each: Line, hidden: Hidden, waits: bool) -> EventLine:
    return EventLine(
        line=each,
        received_at=receipt.at,
        key=receipt.key.shown,
        person=hidden.shown(each.person),
        account=hidden.shown(each.account),
        sample=hidden.shown(each.sample),
        state=state_of(each, waits),
        words=REFUSED[each.code] if each.code else "",
        note=NOTED[each.note] if each.note else "",
    )


def state_of(each: Line, waits: bool) -> str:
    """What became of it."""
    if each.code:
        return "refused"
    if not each.name:
        return "told"
    return "waiting" if waits else "stored"
