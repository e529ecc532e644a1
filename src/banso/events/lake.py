"""Reading the event lake: the files its manifest names, and who its accounts are."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Max

from banso.base.workspace import local_today, workspace
from banso.engagements.models import Engagement
from banso.engagements.values import seats as seats_on
from banso.engine.own import has_events
from banso.engine.relations import AccountRow
from banso.events.models import ExternalId, LakePart, Source


def folder() -> Path:
    """Where the lake's files lie; manifest paths are relative to it."""
    return Path(settings.HOME) / "lake"


def files(since: date | None, until: date) -> list[Path]:
    """The parts that may hold events from local day `since` (None: ever) to `until`, by month."""
    parts = LakePart.objects.filter(first_day__lte=until).order_by("first_day", "id")
    if since is not None:
        parts = parts.filter(last_day__gte=since)
    return [folder() / path for path in parts.values_list("path", flat=True)]


def last_day(until: date) -> date | None:
    """The last local day of the parts that begin by `until`; None where there are none."""
    parts = LakePart.objects.filter(first_day__lte=until)
    last: date | None = parts.aggregate(last=Max("last_day"))["last"]
    return last


def accounts(
    ids: Collection[int] | None = None, as_of: date | None = None
) -> list[AccountRow[str]]:
    """How the sources of events call each engagement, with the seats in force on `as_of`
    (default: today). An engagement without an outside id has one row without a name."""
    names = ExternalId.objects.filter(kind=ExternalId.Kind.ACCOUNT)
    if ids is not None and len(ids) <= 500:
        names = names.filter(engagement__in=list(ids))
    seats = seats_on(as_of or local_today(), ids)
    rows = names.values_list("engagement_id", "source_id", "value")
    unmerged = Engagement.objects.filter(merged_into=None)
    wanted = set(unmerged.values_list("id", flat=True) if ids is None else ids)
    found = [
        AccountRow(str(each), source, value, seats.get(each))
        for each, source, value in rows
        if each in wanted
    ]
    named = {row.key for row in found}
    rest = sorted(each for each in wanted if str(each) not in named)
    return found + [AccountRow(str(each), seats=seats.get(each)) for each in rest]


def own_source() -> int | None:
    """The source whose events are our own acts; None before there are any."""
    return Source.objects.filter(key=Source.BANSO).values_list("pk", flat=True).first()


def own_names(ids: Collection[int]) -> list[AccountRow[str]]:
    """What our own acts call these engagements: by their uids, and by those of the engagements
    that were merged into them."""
    source = own_source()
    if source is None:
        return []
    into = dict(merged_rows())
    rows = Engagement.objects.all()
    if len(ids) <= 500:
        rows = rows.filter(pk__in={*ids, *(each for each in into if survivor(each, into) in ids)})
    uids = rows.order_by("pk").values_list("pk", "uid")
    found = ((survivor(each, into), uid) for each, uid in uids)
    return [AccountRow(str(each), source, uid) for each, uid in found if each in ids]


def merged_rows() -> Iterator[tuple[int, int]]:
    rows = Engagement.objects.filter(merged_into__isnull=False)
    for each, into in rows.values_list("pk", "merged_into_id"):
        yield each, into or each


def survivor(each: int, into: Mapping[int, int]) -> int:
    """The engagement that this one is by now."""
    while each in into:
        each = into[each]
    return each


def same_people() -> list[tuple[int, str, str]]:
    """(source, person, one): the outside ids of people who go by several, each with the one
    name they count by; everybody else counts by their source and id."""
    ids = ExternalId.objects.filter(kind=ExternalId.Kind.PERSON)
    several = ids.values("party").annotate(names=Count("id")).filter(names__gt=1)
    rows = ids.filter(party__in=several.values("party"))
    return [
        (source, value, f"party:{party}")
        for source, value, party in rows.values_list("source_id", "value", "party_id")
    ]


def zone() -> str:
    """The zone of the lake's days."""
    return workspace().timezone


def connected(as_of: date) -> bool:
    """Whether the lake holds any event of `as_of` or a day before, our own acts left out."""
    parts = LakePart.objects.filter(first_event_on__lte=as_of).order_by("first_event_on")
    own = own_source()
    if own is None:
        return parts.exists()
    paths = parts.values_list("path", flat=True)
    return any(holds_usage(folder() / path, own) for path in paths.iterator())


@lru_cache(maxsize=4096)
def holds_usage(path: Path, own: int) -> bool:
    """A part never changes once it has its name."""
    return has_events([path], own)


def missing() -> list[Path]:
    """Files the manifest names that are not there; none in a sound installation."""
    return [path for path in files(None, date.max) if not path.is_file()]
