"""Keeping the rollups of the lake's parts: made when parts come or a metric asks something new."""

import time
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

from django.db import transaction
from django.db.models import Max

from banso.base.workspace import local_today
from banso.core.atoms import Atom, atoms
from banso.core.definitions import load
from banso.core.metrics import Definition, stream_of
from banso.engine.rollup import Rolled, roll
from banso.engine.sql import reach
from banso.events.lake import folder
from banso.events.models import LakePart
from banso.events.parts import GRACE
from banso.metrics.models import MetricVersion, Rollup

KEPT = timedelta(weeks=53)
"""How far back days are measured as a matter of course; what lies further back is read from the
events when somebody asks."""


def rolled(files: Collection[Path]) -> dict[Path, Rolled]:
    """The rollups of those of the parts that have any."""
    rows = Rollup.objects.values_list("part__path", "accounts", "people", "columns")
    found = {
        folder() / part: Rolled(folder() / accounts, folder() / people, frozenset(columns))
        for part, accounts, people, columns in rows.iterator()
    }
    return {part: each for part, each in found.items() if part in files}


def keep_rollups() -> int:
    """Roll the parts that lack what metrics ask; returns how many that were."""
    meanings = asking()
    asked = atoms(meanings)
    lacking = parts_without({each.column for each in asked}, back_to(meanings)) if meanings else []
    for part in lacking:
        roll_part(part, asked)
    sweep()
    return len(lacking)


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
    return local_today() - KEPT - timedelta(reach(meanings)["events"])


def parts_without(columns: set[str], since: date) -> list[LakePart]:
    """The parts with days from `since` on whose rollups do not hold these columns."""
    parts = LakePart.objects.filter(last_day__gte=since).select_related("rollup")
    return [
        part
        for part in parts.order_by("-first_day")
        if not (hasattr(part, "rollup") and columns <= set(part.rollup.columns))
    ]


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
    accounts, people = (str(path.relative_to(folder())) for path in made.paths)
    cells = {"columns": sorted(made.columns), "accounts": accounts, "people": people}
    with transaction.atomic():
        known = LakePart.objects.select_for_update().filter(pk=part.pk).exists()
        if known:
            Rollup.objects.update_or_create(pk=part.pk, defaults=cells)
    if not known:
        discard(made)


def discard(made: Rolled) -> None:
    for path in made.paths:
        path.unlink()


def sweep() -> None:
    """Remove rollups that no row names any more, once nobody can be reading them."""
    cells = Rollup.objects.values_list("accounts", "people")
    named = {folder() / path for row in cells for path in row}
    limit = time.time() - GRACE
    for path in folder().glob("rollups/*/*.parquet"):
        if path not in named and path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
