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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

SIZE = "48m"
BLOCK = 1 << 16
PATIENCE = 60.0


def drill(seed: int, rounds: int) -> dict[str, object]:
    """Run it in a process of its own, in a namespace where it may mount; the table it printed."""
    apart = [] if os.geteuid() == 0 else ["unshare", "-rm"]
    words = ["-m", "bench.drill.disk", "--seed", str(seed), "--rounds", str(rounds)]
    command = [*apart, sys.executable, *words]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, timeout=1800)
    if done.returncode:
        return {"title": "Disk full", "lines": [], "faults": ["the drill itself broke"]}
    return dict(json.loads(done.stdout.splitlines()[-1]))


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


@dataclass
class Round:
    """What became of one time of fullness."""

    waiting: int = 0
    taken: int = 0
    broken: list[str] = field(default_factory=list)
    recovered: float = 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description="Fill a small disk while products send.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=8.0)
    options = parser.parse_args()
    with small_disk() as disk:
        if disk is None:
            told = "No tmpfs can be mounted here, so no disk was filled."
            table = {"title": "Disk full", "lines": [told], "faults": []}
        else:
            table = filled(disk, options)
    print(json.dumps(table))


def filled(disk: Path, options: argparse.Namespace) -> dict[str, object]:
    os.environ |= {
        "BANSO_HOME": str(disk),
        "BANSO_SECRET_KEY": "only-for-benchmarks-" + "x" * 40,
        "DJANGO_SETTINGS_MODULE": "banso.config.settings",
    }
    import django

    django.setup()
    from bench.drill.company import found
    from bench.drill.ends import checked, settle
    from bench.drill.judge import judged
    from bench.drill.scene import calm, running

    found()
    with tempfile.TemporaryDirectory() as logs:
        place = Path(logs)
        with running(disk, options.seed, logs=place, readers=1, senders=2, pause=0.1) as scene:
            time.sleep(3)
            rounds = [one_round(scene, disk, options.seconds) for _ in range(options.rounds)]
            calm(scene)
            settle(scene)
        end, reads = checked(scene.ledger), judged(scene.reads(), scene.ledger)
        return table(options, scene, rounds, end, reads)


def one_round(scene, disk: Path, seconds: float) -> Round:
    """Full for so many seconds; then how long it takes until products are heard again and what
    waited is in the lake."""
    from banso.events.models import Inbox
    from bench.drill.nursery import lives
    from bench.drill.scene import until

    before, worker, found = scene.ledger.answers.copy(), scene.worker, Round()
    filler = Filler(disk)
    filler.start()
    filler.full.wait()
    time.sleep(seconds)
    during = scene.ledger.answers - before
    found.waiting, found.taken = during["503"], during["200"]
    filler.ended.set()
    filler.join()
    freed, last = (
        time.monotonic(),
        Inbox.objects.order_by("-id").values_list("id", flat=True).first(),
    )
    heard = scene.ledger.answers["200"]
    until(lambda: scene.ledger.answers["200"] > heard + 3, "products are heard again", PATIENCE)
    until(lambda: not Inbox.objects.filter(id__lte=last or 0).exists(), "the loader goes on")
    found.recovered = time.monotonic() - freed
    if not lives(worker):
        found.broken.append("the worker ended")
    return found


def table(options, scene, rounds, end, reads) -> dict[str, object]:
    from bench.drill.report import told

    answers = scene.ledger.answers
    lines = [
        "| time | answers 503 | answers 200 | goes on after |",
        "| --- | --- | --- | --- |",
        *(
            f"| {number} | {each.waiting:,} | {each.taken:,} | {each.recovered:.1f} s |"
            for number, each in enumerate(rounds, 1)
        ),
        "",
        f"Seed {options.seed}, {SIZE} tmpfs, each time full for {options.seconds:.0f} s. "
        f"Acknowledged {len(scene.ledger.kept()):,} events, lost {len(end.lost)}, twice "
        f"{len(end.twice)}; {len(reads):,} reads, wrong {sum(bool(r.fault) for r in reads)}, "
        f"failed {sum(bool(r.error) for r in reads)}. Answers: "
        + ", ".join(f"{what} {times:,}" for what, times in answers.most_common()) + ".",
    ]  # fmt: skip
    faults = [*end.faults, *told(reads), *(each for one in rounds for each in one.broken)]
    faults += [f"{len(end.lost)} lost, {len(end.twice)} twice"] if end.lost or end.twice else []
    odd = sorted(answers.keys() - {"200", "503", "429"})
    faults += [f"answers that must not come: {odd}"] if odd else []
    faults += [] if any(each.waiting for each in rounds) else ["the disk was never full"]
    lines += [f"- FAULT: {each}" for each in faults[:20]]
    return {"title": "Disk full", "lines": lines, "faults": faults}


if __name__ == "__main__":
    main()
