"""Reading the event lake: the files its manifest names, and who its accounts are."""

from collections.abc import Collection
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db.models import Count

from banso.base.workspace import local_today, workspace
from banso.engagements.models import Engagement
from banso.engagements.values import seats as seats_on
from banso.engine.relations import AccountRow
from banso.events.models import ExternalId, LakePart


def folder() -> Path:
    """Where the lake's files lie; manifest paths are relative to it."""
    return Path(settings.HOME) / "lake"


def files(since: date | None, until: date) -> list[Path]:
    """The parts that may hold events from local day `since` (None: ever) to `until`, by month."""
    parts = LakePart.objects.filter(first_day__lte=until).order_by("first_day", "id")
    if since is not None:
        parts = parts.filter(last_day__gte=since)
    return [folder() / path for path in parts.values_list("path", flat=True)]


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
    """Whether the lake holds any event of `as_of` or a day before."""
    return LakePart.objects.filter(first_event_on__lte=as_of).exists()


def missing() -> list[Path]:
    """Files the manifest names that are not there; none in a sound installation."""
    return [path for path in files(None, date.max) if not path.is_file()]
