"""What must hold when it is over: every acknowledged event once, a sound lake, and the same
numbers from rollups, from the events and by hand."""

import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bench.drill import events
from bench.drill.company import by_hand, definitions
from bench.drill.judge import Gone
from bench.drill.ledger import Ledger
from bench.drill.minutes import pass_minutes
from bench.drill.scene import Scene, until


@dataclass(frozen=True)
class End:
    """`lost` and `twice` are numbers of events, `faults` sentences about everything else."""

    lost: frozenset[int]
    twice: frozenset[int]
    faults: tuple[str, ...]


def settle(scene: Scene) -> None:
    """The worker comes to its end of work: nothing waits."""
    from banso.base.models import Job
    from banso.events.models import Erasure, Inbox

    def idle() -> bool:
        scene.revive()
        waiting = Job.objects.filter(status__in=[Job.Status.READY, Job.Status.RUNNING])
        open_ones = Erasure.objects.filter(done_at=None)
        return not (Inbox.objects.exists() or waiting.exists() or open_ones.exists())

    until(idle, "the inbox and the jobs are done", 300.0)


def banso(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "banso", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)


def checked(ledger: Ledger, gone: Sequence[Gone] = ()) -> End:
    """Look at all of it, with other code than wrote it where that can be."""
    from banso.events import lake

    pass_minutes(lake.folder(), but=timedelta(0))
    measure, compact, verify = banso("measure"), banso("lake", "compact"), banso("lake", "verify")
    faults = [
        f"banso {' '.join(each.args[3:])}: {(each.stdout + each.stderr).strip()}"
        for each in (measure, compact, verify)
        if each.returncode
    ]
    held = Counter(in_lake())
    erased = {n for n in range(len(ledger.at)) for each in gone if each.bits >> n & 1}
    kept = ledger.kept().keys() - erased
    strangers = [each for each in ledger.refused if not erased.issuperset(each)]
    faults += [f"{len(strangers)} batches refused for good"] if strangers else []
    unknown = held.keys() - kept
    if unknown:
        back = len(unknown & erased)
        faults.append(f"in the lake: {back} erased, {len(unknown) - back} never acknowledged")
    faults += measured({n: events.local_day(ledger.at[n]) for n in kept})
    faults += [f"left behind: {name}" for name in left()]
    twice = frozenset(number for number, times in held.items() if times > 1)
    return End(frozenset(kept - held.keys()), twice, tuple(faults))


def in_lake() -> list[int]:
    """The events that the manifest's files hold, read with nothing but DuckDB."""
    import duckdb

    from banso.events import lake
    from banso.events.models import LakePart, Source

    paths = [str(lake.folder() / path) for path in LakePart.objects.values_list("path", flat=True)]
    product = Source.objects.exclude(key=Source.BANSO).get().pk
    with duckdb.connect() as connection:
        found = connection.execute(
            "select message from read_parquet($paths) where source = $source",
            {"paths": paths, "source": product},
        ).fetchall()
    return [events.number_of(message) for (message,) in found]


def measured(days: Mapping[int, date]) -> list[str]:
    """Where numbers from rollups, from events, as stored, or by hand are not the same."""
    from banso.base.workspace import local_today
    from banso.engine.measure import snapshot
    from banso.events import lake
    from banso.events.models import ExternalId
    from banso.metrics.models import LatestValue
    from banso.metrics.rollups import keep_rollups, rolled

    keep_rollups()
    today, files = local_today(), lake.files(None, date.max)
    named = dict(ExternalId.objects.filter(kind="account").values_list("engagement", "value"))
    right = by_hand(dict(days), today)
    told = {
        how: {
            named[int(key)]: values
            for key, values in snapshot(
                definitions(), files, lake.accounts(), as_of=today, zone=lake.zone(), rolled=some
            ).items()
        }
        for how, some in {"rollups": rolled(files), "events": {}}.items()
    }
    stored: dict[str, dict[str, float | None]] = {name: {} for name in named.values()}
    rows = LatestValue.objects.filter(metric__key__in=definitions())
    for engagement, key, value in rows.values_list("engagement", "metric__key", "value"):
        stored[named[engagement]][key] = value
    told["latest values"] = stored
    return [
        f"{account} from {how}: {values[account]}, by hand {right[account]}"
        for how, values in told.items()
        for account in events.ACCOUNTS
        if values[account] != right[account]
    ]


def left() -> list[str]:
    """Files below the lake that no row names, now or as retired."""
    from banso.events import lake
    from banso.events.models import LakePart, RetiredFile
    from banso.metrics.models import Rollup

    known = {*LakePart.objects.values_list("path", flat=True)}
    known |= {*RetiredFile.objects.values_list("path", flat=True)}
    known |= {path for row in Rollup.objects.values_list("accounts", "people") for path in row}
    found = [path for path in lake.folder().rglob("*") if path.is_file()]
    names = (str(path.relative_to(lake.folder())) for path in found)
    return sorted(name for name in names if name not in known and not name.startswith("history/"))
