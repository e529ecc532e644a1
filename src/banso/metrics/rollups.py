"""Keeping the rollups of the lake's parts: made when parts come or a metric asks something new."""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from banso.base.workspace import local_today, workspace
from banso.core.atoms import Atom, atoms
from banso.core.definitions import load
from banso.core.metrics import Definition, stream_of
from banso.engine.event_days import roll_events
from banso.engine.rollup import MARKS, Rolled, roll
from banso.engine.sql import reach
from banso.events import parts
from banso.events.barred import kept_since
from banso.events.lake import folder
from banso.events.manifest import is_old
from banso.events.models import LakePart, RetiredFile
from banso.metrics.models import MetricVersion, Rollup
from banso.metrics.names import Names, names_in

KEPT = timedelta(weeks=53)
"""How far back days are measured as a matter of course; what lies further back is read from the
events when somebody asks."""
type Progress = tuple[int, int]
FILES = ("accounts", "people", "events")


def rolled(files: Collection[Path]) -> dict[Path, Rolled]:
    """The rollups of those of the parts that have any."""
    rows = Rollup.objects.exclude(part=None)
    home = folder()
    cells = rows.values_list("part__path", "accounts", "people", "columns", "events")
    found = {
        home / part: Rolled(
            home / accounts,
            home / people,
            frozenset(columns),
            events=home / names if names else None,
        )
        for part, accounts, people, columns, names in cells.iterator()
    }
    return {part: each for part, each in found.items() if part in files}


def keep_rollups() -> set[date]:
    """Roll the parts that lack what metrics ask, and forget those of parts that have gone; the
    days whose events are others than before, however the parts are cut. Days further back than
    anything looks, or than events are kept, are not told: what became too old has not changed."""
    before, meanings = marks(), asking()
    deque(roll_lacking(LakePart.objects.all()), maxlen=0)
    forget_gone()
    sweep()
    if not meanings:
        return set()
    first = max(back_to(meanings), kept_since(workspace()) or date.min)
    return {day for day in changed_since(before) if day >= first}


@transaction.atomic
def forget_gone() -> None:
    """Rollups of parts that have gone are none of the lake's any more."""
    gone = Rollup.objects.filter(part=None)
    retire(path for row in gone.values_list(*FILES) for path in row)
    gone.delete()


def widen_rollups() -> Iterator[Progress]:
    """Add what metrics newly ask to the rollups there are, telling how far it is. Parts that have
    none wait for `keep_rollups`, whose caller is told of their days."""
    return roll_lacking(LakePart.objects.exclude(rollup=None))


def roll_lacking(some: QuerySet[LakePart]) -> Iterator[Progress]:
    """Roll those of the parts that a day measured as a matter of course may look back to, and
    that lack a column or their event-days, telling how far it is."""
    meanings = asking()
    asked, near = atoms(meanings), some.filter(last_day__gte=back_to(meanings))
    columns = {each.column for each in asked}
    parts = near.select_related("rollup").order_by("-first_day")
    lacking = [part for part in parts if lacks(part, columns)]
    for done, part in enumerate(lacking):
        yield done, len(lacking)
        roll_part(part, asked)
    yield len(lacking), len(lacking)


def lacks(part: LakePart, columns: Collection[str]) -> bool:
    known = getattr(part, "rollup", None)
    return known is None or not known.events or not set(columns) <= set(known.columns)


def changed_since(before: Mapping[date, int]) -> set[date]:
    """The days whose marks are others now."""
    after = marks()
    return {day for day in before.keys() | after.keys() if before.get(day) != after.get(day)}


def marks() -> dict[date, int]:
    """Of each day the mark of its events, as far as they are rolled."""
    found: dict[date, int] = {}
    for days in Rollup.objects.values_list("days", flat=True).iterator():
        for text, mark in days.items():
            day = date.fromisoformat(text)
            found[day] = (found.get(day, 0) + mark) % MARKS
    return found


def asking() -> list[Definition]:
    """What is measured of product events as a matter of course: the latest meaning of each metric
    in use, and what is proposed in its place."""
    rows = MetricVersion.objects.filter(metric__retired_at=None)
    in_force = rows.filter(proposed=False).values("metric").annotate(latest=Max("number"))
    latest = {row["metric"]: row["latest"] for row in in_force}
    cells = rows.values_list("metric", "number", "proposed", "definition")
    asked = [load(stored) for metric, n, new, stored in cells if new or latest[metric] == n]
    return [each for each in asked if stream_of(each) == "events"]


def back_to(meanings: Collection[Definition]) -> date:
    """The first day that a day measured as a matter of course may look back to."""
    return local_today() - KEPT - timedelta(reach(meanings).get("events", 0))


def roll_part(part: LakePart, asked: Sequence[Atom]) -> None:
    """Write the rollups of a part; one that left the manifest meanwhile is left alone."""
    stamp = f"{Path(part.path).stem}-{uuid4().hex}"
    home = folder() / "rollups" / Path(part.path).parent.name
    home.mkdir(parents=True, exist_ok=True)
    made = roll(
        [folder() / part.path],
        asked,
        accounts=home / f"{stamp}.accounts.parquet",
        people=home / f"{stamp}.people.parquet",
    )
    known = Rollup.objects.filter(part=part).exclude(events="").first()
    events = folder() / known.events if known else home / f"{stamp}.events.parquet"
    if known is None:
        roll_events([folder() / part.path], events)
    names = known.names if known else names_in(folder() / part.path)
    if not keep(part, replace(made, events=events), names):
        discard(made.paths if known else [*made.paths, events])


@transaction.atomic
def keep(part: LakePart, made: Rolled, names: Names) -> bool:
    """Put rollups in the place of the last ones of a part; False where it has gone meanwhile."""
    if not LakePart.objects.select_for_update().filter(pk=part.pk).exists():
        return False
    paths = [str(path.relative_to(folder())) for path in made.files]
    cells = {
        "columns": sorted(made.columns),
        "days": {day.isoformat(): mark for day, mark in made.days.items()},
        "names": names,
        **dict(zip(FILES, paths, strict=True)),
    }
    last = Rollup.objects.filter(part=part).values_list(*FILES)
    retire(path for row in last for path in row if path not in paths)
    Rollup.objects.update_or_create(part=part, defaults=cells)
    return True


def discard(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def retire(paths: Iterable[str]) -> None:
    """No row names these files any more; who was given them may still open them."""
    rows = (RetiredFile(path=path, at=timezone.now()) for path in paths if path)
    RetiredFile.objects.bulk_create(rows, ignore_conflicts=True)


def sweep() -> None:
    """Remove what was retired a while ago, and rollups that killed writers left."""
    parts.sweep()
    remove_lost("rollups/*/*", [path for row in Rollup.objects.values_list(*FILES) for path in row])


def remove_lost(pattern: str, named: Iterable[str]) -> None:
    """Remove files of the lake that are some minutes old and that nobody has ever named, also
    those that somebody had begun to write."""
    waiting = RetiredFile.objects.values_list("path", flat=True)
    kept = {folder() / path for path in (*named, *waiting)}
    for path in folder().glob(pattern):
        if path not in kept and is_old(path):
            path.unlink(missing_ok=True)
