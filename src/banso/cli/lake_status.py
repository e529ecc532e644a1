"""What `banso lake status` says."""

from collections.abc import Iterator

from django.db.models import Count, Min, Sum

from banso.base.models import Workspace
from banso.events.barred import kept_since
from banso.events.models import Erasure, Inbox, LakePart, RetiredFile


def lines() -> Iterator[str]:
    """What it holds, what waits, what could not be loaded, what goes."""
    for origin in LakePart.Origin.values:
        yield of_origin(origin)
    yield waiting()
    yield from set_aside()
    yield f"retired: {RetiredFile.objects.count():,} files that readers may still hold"
    yield from kept()
    if going := Erasure.objects.filter(done_at=None).count():
        yield f"erasures: {going:,} not finished; a worker goes on with them"


def of_origin(origin: str) -> str:
    held = LakePart.objects.filter(origin=origin).aggregate(
        parts=Count("id"), rows=Sum("rows"), size=Sum("bytes"), first=Min("first_event_on")
    )
    since = f" since {held['first']}" if held["first"] else ""
    size = (held["size"] or 0) / 1e6
    return f"{origin}: {held['rows'] or 0:,} rows in {held['parts']:,} files, {size:,.1f} MB{since}"


def waiting() -> str:
    rows = Inbox.objects.filter(is_aside=False)
    found = rows.aggregate(n=Count("id"), events=Sum("events"), since=Min("received_at"))
    since = f", the oldest since {found['since']:%Y-%m-%d %H:%M:%S} UTC" if found["n"] else ""
    return f"waiting: {found['events'] or 0:,} events in {found['n']:,} batches{since}"


def set_aside() -> Iterator[str]:
    """Batches that failed, by source; those that are tried again are told too."""
    failed = Inbox.objects.filter(tries__gt=0).select_related("source").defer("blob").order_by("id")
    for each in failed:
        state = "set aside" if each.is_aside else "failed, is tried again"
        yield (
            f"{state}: batch {each.pk} of {each.source.key}, {each.events:,} events,"
            f" {each.tries} times: {each.error}"
        )
    if any(each.is_aside for each in failed):
        yield "  -> `banso lake retry` has them loaded again"


def kept() -> Iterator[str]:
    place = Workspace.objects.filter(id=1).first()
    since = kept_since(place) if place else None
    yield f"kept: events since {since}" if since else "kept: all events, for good"
