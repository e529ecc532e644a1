"""The nightly round with a lake of the yardstick's size: its stages, a new metric, late events.

    python -m bench.night [--scale 0.1] [--since 2026-03-01]

A company (bench/population.py) whose product sent the events of the yardstick, with fifty metrics
over them, is written into a fresh home. Then, in one process: the first round, which rolls every
part; the round of the next night, with a further day; a metric nobody had thought of, until its
year is known; and events that come a month late. Printed for each stage: seconds by the clock
and of the processor, and the most memory the process has held so far.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any

from bench.yardstick import DEFINITIONS, Lake, lake

from banso.core.metrics import ActiveDays, Count, Definition, DistinctPeople

NIGHT = "2026-07-01T04:00:00+09:00"
NEXT = "2026-07-02T04:00:00+09:00"
LATE = date(2026, 6, 1)
EVENTS = [
    *("login", "page_viewed", "report_viewed", "search", "report_created"),
    *("dashboard_opened", "comment_added", "file_uploaded", "export", "task_completed"),
]
NEW = Count("plan_viewed", 28)
STAGES = (
    *("starter", "follow_events", "refresh", "keep_proposals", "refresh_standings"),
    *("notice_changes", "keep_book_days", "keep_figures", "keep_history"),
)


def main() -> None:
    """Print every stage."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--scale", type=float, default=0.1)
    options.add_argument("--since", type=date.fromisoformat, default=date.min)
    given = options.parse_args()
    told = replace(lake(given.scale), first=given.since)
    with tempfile.TemporaryDirectory(prefix="banso-night-") as home:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "banso.config.settings")
        os.environ["BANSO_HOME"] = home
        _open()
        _measure(told)


def _open() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable")


def _measure(told: Lake) -> None:
    import time_machine

    from banso.base.jobs import run_all
    from banso.desk import rounds
    from banso.metrics.backfill import follow_events, start_backfill

    with time_machine.travel(NIGHT):
        with stage("a company and its fifty metrics"):
            _found(told)
        for name in STAGES:
            setattr(rounds, name, _told(name, getattr(rounds, name)))
        with stage("the first round"):
            rounds.round_now()
        with stage("its jobs"):
            run_all()
    with time_machine.travel(NEXT):
        _arrive(told.parts(date(2026, 7, 1)))
        with stage("the round of the next night"):
            rounds.round_now()
        with stage("its jobs"):
            run_all()
        with stage("a new metric, until its year is known"):
            start_backfill(versions=[_define("new", NEW)], by=None)
            run_all()
        _arrive([_late(told)])
        with stage("events that come a month late: rolled, weeks forgotten"):
            started = follow_events(date(2026, 7, 2))
        assert started is not None
        with stage(f"{started.weeks} weeks computed again"):
            run_all()


def _found(told: Lake) -> None:
    from bench import population

    from banso.base.models import Workspace
    from banso.events.models import ExternalId, Source
    from banso.metrics.models import Metric

    population.write_company(len(told.seats))
    source = Source.objects.create(key="app", name="App")
    kind = ExternalId.Kind.ACCOUNT
    named = enumerate(sorted(told.seats), start=1)
    ExternalId.objects.bulk_create(
        (ExternalId(source=source, kind=kind, value=a, engagement_id=n) for n, a in named),
        batch_size=1_000,
    )
    _arrive(told.parts(until=date(2026, 6, 30)))
    Workspace.objects.filter(id=1).update(usage_connected=True)
    for key, meaning in metrics().items():
        _define(key, meaning)
    assert Metric.objects.count() >= len(metrics())


def metrics() -> dict[str, Definition]:
    """Fifty: those of the yardstick, and three of each of ten events."""
    found = dict(DEFINITIONS)
    for event in EVENTS:
        found[f"times-{event}"] = Count(event, 28)
        found[f"people-{event}"] = DistinctPeople(event, 28)
        found[f"days-{event}"] = ActiveDays(event, 28)
    return found


def _define(key: str, meaning: Definition) -> Any:
    from banso.metrics.actions import define_metric
    from banso.metrics.sheet import MetricSheet

    name = {"ja": key, "en": key}
    metric = define_metric(sheet=MetricSheet(name, {}, "times", True, meaning), by=None, key=key)
    return metric.versions.get()


def _arrive(parts: list[Path]) -> None:
    """Name these files in the manifest, as parts of their own month or day."""
    from banso.engine.connect import connect, parquet
    from banso.events.lake import folder
    from banso.events.models import LakePart

    for part in parts:
        home = folder() / "parts" / part.stem[:7]
        home.mkdir(parents=True, exist_ok=True)
        (home / part.name).hardlink_to(part)
        with connect(part) as connection:
            size = "count(*), sum(count), min(day), max(day)"
            [(rows, weight, first, last)] = connection.execute(
                f"select {size} from {parquet([part])}"
            ).fetchall()
        LakePart.objects.create(
            origin=LakePart.Origin.RECEIVED,
            first_day=first,
            last_day=last,
            first_event_on=first,
            zone="Asia/Tokyo",
            generation=1,
            path=str((home / part.name).relative_to(folder())),
            rows=rows,
            weight=weight,
        )


def _late(told: Lake) -> Path:
    """A hundred events of a day long past."""
    from banso.engine.connect import connect, parquet
    from banso.engine.staged import write

    [part] = told.parts(LATE, LATE)
    out = told.home.parent / f"{LATE}-late.parquet"
    with connect(part, out.parent) as connection:
        late = "* replace (message || '-late' as message)"
        write(connection, f"select {late} from {parquet([part])} limit 100", out)
    return out


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Print what it took."""
    clock, processor = time.monotonic(), time.process_time()
    yield
    seconds = f"{time.monotonic() - clock:8.1f} s {time.process_time() - processor:8.1f} s"
    print(f"{name:60} {seconds} {peak():6.0f} MB", flush=True)


def peak() -> float:
    """The most memory this process has held, in MB."""
    status = Path("/proc/self/status").read_text()
    [held] = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(held) / 1024


def _told(name: str, run: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(run)
    def timed(*given: Any, **named: Any) -> Any:
        with stage(f"  {name}"):
            return run(*given, **named)

    return timed


if __name__ == "__main__":
    main()
