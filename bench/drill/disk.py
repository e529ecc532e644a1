"""A disk that fills up while products send: they are told to wait, nothing acknowledged is lost,
the worker goes on living, and all goes on by itself when there is room again.

    python -m bench.drill.disk [--seed 1] [--rounds 3] [--seconds 8]    prints its table as JSON

The database, the lake and everything else of the installation lie on a tmpfs of 48 MB.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.drill.company import found
from bench.drill.ends import End, checked, settle
from bench.drill.judge import Read, judged
from bench.drill.ledger import Ledger
from bench.drill.nursery import lives
from bench.drill.report import Table, wrong
from bench.drill.scene import Crowd, Scene, calm, running, until

SIZE = "48m"
BLOCK = 1 << 16
PATIENCE = 60.0
TITLE = "A disk that is full"
NO_DISK = "No tmpfs can be mounted here, so no disk was filled."


def drill(seed: int, rounds: int) -> Table:
    """Run it in a process of its own, where nothing is set up yet and it may mount."""
    apart = [] if os.geteuid() == 0 else ["unshare", "-rm"]
    words = ["-m", "bench.drill.disk", "--seed", str(seed), "--rounds", str(rounds)]
    command = [*apart, sys.executable, *words]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, timeout=1800)
    if done.returncode:
        return Table(TITLE, [], [f"the drill itself ended with {done.returncode}"])
    return Table(**json.loads(done.stdout.splitlines()[-1]))


@contextmanager
def small_disk() -> Iterator[Path | None]:
    """A folder on a tmpfs of its own; None where none can be mounted."""
    folder = Path(tempfile.mkdtemp(prefix="banso-full-"))
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        mounted = False
    try:
        yield folder if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)
        shutil.rmtree(folder, ignore_errors=True)


class Filler(threading.Thread):
    """Takes all room there is, and what becomes free meanwhile, until told to give it back."""

    def __init__(self, disk: Path) -> None:
        super().__init__(daemon=True)
        self.path, self.ended, self.full = disk / "filler", threading.Event(), threading.Event()

    def run(self) -> None:
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        while not self.ended.wait(0.02):
            size = BLOCK
            while size >= 512:
                try:
                    os.write(descriptor, b"x" * size)
                except OSError:
                    size //= 2
            self.full.set()
        os.close(descriptor)
        self.path.unlink()


@dataclass(frozen=True)
class Round:
    """What became of one time of fullness: batches that were told to wait, and taken."""

    refused: int
    taken: int
    seconds: float
    survived: bool

    def row(self, number: int) -> str:
        return f"| {number} | {self.refused:,} | {self.taken:,} | {self.seconds:.1f} s |"


def main() -> None:
    parser = argparse.ArgumentParser(description="Fill a small disk while products send.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=8.0)
    options = parser.parse_args()
    with small_disk() as disk:
        told = filled(disk, options) if disk else Table(TITLE, [NO_DISK], [])
    print(json.dumps(asdict(told)))


def filled(disk: Path, options: argparse.Namespace) -> Table:
    os.environ |= {
        "BANSO_HOME": str(disk),
        "BANSO_SECRET_KEY": "only-for-benchmarks-" + "x" * 40,
        "DJANGO_SETTINGS_MODULE": "banso.config.settings",
    }
    import django

    django.setup()
    from django.db import connections

    found()
    with tempfile.TemporaryDirectory() as logs:
        place = Path(logs)
        with running(disk, options.seed, Crowd(1, 2, 0.1), logs=place) as scene:
            time.sleep(3)
            rounds = [one_round(scene, disk, options.seconds) for _ in range(options.rounds)]
            calm(scene)
            settle(scene)
        end, reads = checked(scene.ledger), judged(scene.reads(), scene.ledger)
        connections.close_all()
        return table(options, scene.ledger, rounds, end, reads)


def one_round(scene: Scene, disk: Path, seconds: float) -> Round:
    """Full for so many seconds, and until products were told so; then how long it takes until
    products are heard again and what waited is in the lake."""
    from banso.events.models import Inbox

    before, worker = scene.ledger.answers.copy(), scene.worker
    filler = Filler(disk)
    filler.start()
    filler.full.wait()
    time.sleep(seconds)
    until(lambda: (scene.ledger.answers - before)["503"], "a product is told to wait", PATIENCE)
    during = scene.ledger.answers - before
    filler.ended.set()
    filler.join()
    freed, heard = time.monotonic(), scene.ledger.answers["200"]
    last = Inbox.objects.order_by("-id").values_list("id", flat=True).first() or 0
    until(lambda: scene.ledger.answers["200"] > heard + 3, "products are heard again", PATIENCE)
    until(lambda: not Inbox.objects.filter(id__lte=last).exists(), "the loader goes on", PATIENCE)
    took = time.monotonic() - freed
    return Round(during["503"], during["200"], took, survived=lives(worker))


def table(
    options: argparse.Namespace,
    ledger: Ledger,
    rounds: Sequence[Round],
    end: End,
    reads: Sequence[Read],
) -> Table:
    odd = sorted(ledger.answers.keys() - {"200", "503", "429"})
    faults = [*end.faults, *wrong(reads)]
    faults += [f"{len(end.lost)} lost, {len(end.twice)} twice"] if end.lost or end.twice else []
    faults += [f"answers that must not come: {odd}"] if odd else []
    faults += [] if all(each.survived for each in rounds) else ["the worker ended"]
    faults += [] if any(each.refused for each in rounds) else ["the disk was never full"]
    lines = [
        "| time | answers 503 | answers 200 | all goes on after |",
        "| --- | --- | --- | --- |",
        *(each.row(number) for number, each in enumerate(rounds, 1)),
        "",
        f"Seed {options.seed}, a tmpfs of {SIZE}, each time full for {options.seconds:.0f} s or "
        f"more. Acknowledged {len(ledger.kept()):,} events, lost {len(end.lost)}, twice "
        f"{len(end.twice)}. Reads {len(reads):,}, wrong {sum(bool(r.fault) for r in reads)}, "
        f"failed {sum(bool(r.error) for r in reads)}.",
        *(f"- FAULT: {each}" for each in faults[:20]),
    ]
    return Table(TITLE, lines, faults)


if __name__ == "__main__":
    main()
