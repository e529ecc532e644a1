"""The past of computed numbers: one wide file a week, and how the values of a week lay.

A week is computed once. When events of a day come late or go, the weeks whose windows see that
day are computed again, and no other. A week whose window begins before events are kept stays as it
was told, and is not told anew.
"""

from array import array
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from math import nan
from uuid import uuid4

from django.db import transaction

from banso.base.workspace import workspace
from banso.core.definitions import load
from banso.core.metrics import stream_of
from banso.engagements.models import Engagement
from banso.engagements.values import current_ids
from banso.engine.sql import reach
from banso.engine.weeks import read_week, write_week
from banso.events.barred import kept_since
from banso.events.lake import folder
from banso.metrics.models import HistoryWeek, MetricVersion, WeekSummary
from banso.metrics.rollups import changed_since, marks, remove_lost, retire
from banso.metrics.summaries import keys_of, open_ids, summary_cells
from banso.metrics.values import measured

MOST_WEEKS, MOST_VALUES = 26, 500_000


def at_once() -> int:
    """How many weeks are computed together: as many as memory holds, half a year at most."""
    return max(1, min(MOST_WEEKS, MOST_VALUES // max(1, Engagement.objects.count())))


def missing_weeks(versions: Collection[MetricVersion], days: Sequence[date]) -> list[date]:
    """Those of the days of which not every version's values are known."""
    rows = HistoryWeek.objects.filter(day__in=days).values_list("day", "versions")
    known, wanted = dict(rows), {each.pk for each in versions}
    return [day for day in days if not wanted <= set(known.get(day, ()))]


def keep_weeks(versions: Sequence[MetricVersion], days: Collection[date]) -> None:
    """Compute the values of these versions on these days, together, and write them down, as far as
    the events for them are kept; a week that sees events which changed meanwhile is left for who
    computes it again."""
    keys, before = keys_of(versions), marks()
    told = {day: kept_whole(versions, day) for day in days}
    days = [day for day in days if told[day]]
    meanings = {keys[each.pk]: load(each.definition) for each in versions}
    ids = {day: array("q") for day in days}
    columns = {day: {key: array("d") for key in meanings} for day in days}
    pairs = [(each, day) for day in days for each in current_ids(day)]
    for (each, day), found in measured(meanings, pairs):
        ids[day].append(each)
        for key, value in found.items():
            columns[day][key].append(nan if value is None else value)
    for day in days:
        whole = [each.pk for each in told[day]]
        named = {column(pk): columns[day][keys[pk]] for pk in whole}
        if write_down(day, whole, ids[day], named, before):
            summarize_week(told[day], day)


def kept_whole(versions: Sequence[MetricVersion], day: date) -> list[MetricVersion]:
    """Those whose window on a day has nothing in it that is not kept any more."""
    since = kept_since(workspace())
    if since is None:
        return list(versions)
    backs = backs_of([each.pk for each in versions])
    return [each for each in versions if begins(day, backs.get(each.pk, 0)) >= since]


def begins(day: date, back: int) -> date:
    """The first day of a window that looks so many days back."""
    return day - timedelta(max(back - 1, 0))


def write_down(
    day: date,
    versions: Collection[int],
    ids: "array[int]",
    columns: dict[str, "array[float]"],
    before: Mapping[date, int],
) -> bool:
    """Add columns to the file of a week, unless events it sees are others than `before`; begun
    again where another job wrote the file meanwhile."""
    known = HistoryWeek.objects.filter(day=day).first()
    out = folder() / "history" / f"{day}-{uuid4().hex}.parquet"
    out.parent.mkdir(parents=True, exist_ok=True)
    write_week(ids, columns, out, kept=folder() / known.path if known else None)
    with transaction.atomic():
        row = HistoryWeek.objects.select_for_update().filter(day=day).first()
        same = (row and row.path) == (known and known.path)
        stale = sees(day, max(backs_of(versions).values(), default=0), changed_since(before))
        if same and not stale:
            retire([known.path] if known else [])
            told = sorted({*versions, *(row.versions if row else ())})
            cells = {"path": str(out.relative_to(folder())), "versions": told}
            HistoryWeek.objects.update_or_create(day=day, defaults=cells)
            return True
    out.unlink()
    return not stale and write_down(day, versions, ids, columns, before)


def summarize_week(versions: Collection[MetricVersion], day: date) -> None:
    """Write how the values of these versions lay on a day, from its file."""
    path, shown = folder() / HistoryWeek.objects.get(day=day).path, set(open_ids(day))
    told = read_week(path, [column(version.pk) for version in versions])
    for version in versions:
        found = told[column(version.pk)]
        cells = summary_cells(sorted(found[each] for each in shown & found.keys()))
        WeekSummary.objects.update_or_create(
            version=version, day=day, defaults={**cells, "total": len(shown)}
        )


def forget_weeks(days: Collection[date]) -> dict[int, date]:
    """Events of these days have come or gone: the weeks whose windows see one of them, and that can
    be told anew, are right no more. For each version that has such a week, the earliest."""
    rows = HistoryWeek.objects.filter(day__gte=min(days)) if days else HistoryWeek.objects.none()
    backs = backs_of({pk for row in rows for pk in row.versions})
    since = kept_since(workspace()) or date.min
    earliest: dict[int, date] = {}
    for row in rows.order_by("-day"):
        wrong = [
            pk
            for pk in row.versions
            if sees(row.day, backs.get(pk, 0), days) and begins(row.day, backs.get(pk, 0)) >= since
        ]
        earliest |= dict.fromkeys(wrong, row.day)
        if wrong:
            forget(row.pk, wrong)
    return earliest


def sees(day: date, back: int, days: Collection[date]) -> bool:
    return any(timedelta(0) <= day - each < timedelta(back) for each in days)


@transaction.atomic
def forget(week: int, wrong: Collection[int]) -> None:
    row = HistoryWeek.objects.select_for_update().get(pk=week)
    row.versions = [pk for pk in row.versions if pk not in wrong]
    row.save(update_fields=["versions"])


def backs_of(versions: Collection[int]) -> dict[int, int]:
    """How many days back each of the versions that count product events looks."""
    rows = MetricVersion.objects.filter(pk__in=versions).values_list("pk", "definition")
    meanings = {pk: load(stored) for pk, stored in rows}
    events = {pk: each for pk, each in meanings.items() if stream_of(each) == "events"}
    return {pk: reach([each])["events"] for pk, each in events.items()}


def column(version: int) -> str:
    """The name of a version's column."""
    return f"v{version}"


def sweep_weeks() -> None:
    """Remove files of weeks that killed writers left."""
    remove_lost("history/*", HistoryWeek.objects.values_list("path", flat=True))
