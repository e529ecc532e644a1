"""Durable ingestion beside bare commits and beside an endpoint that does nothing.

    python -m bench.ingestion [--database sqlite|postgresql] [--clients 8] [--batches 25]
                              [--rounds 11] [--write]

A real server, as `banso serve` starts it, takes batches of 100 events as an SDK sends them, from
clients that wait for each answer. *Bare commits*: one connection of SQLite writes the very blobs
that the server kept to a file beside its own, each with a commit that is synced (WAL, FULL): no
HTTP, no JSON, and nobody else who writes. *No-op*: an application that reads the body and answers,
on the same server with the same settings. All of them in turn in every round; a figure is the
median of the rounds. Every event that was acknowledged must be in the inbox, once.
"""

import argparse
import os
import sqlite3
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import databases
from bench.concurrency import await_server, free_port
from bench.report import write as write_page
from bench.senders import EVENTS, KEYS_EACH, Request, Run, requests, send
from bench.target import Line

ROOT = Path(__file__).resolve().parents[1]
WORKERS = 2
WARM_UP = 8  # requests of each client: addresses are read at the first
HEAD = ("| what | found | target | |", "| --- | --- | --- | --- |")
BARE = """create table bare (id integer primary key, source_id integer, received_at text,
 events integer, bytes integer, blob blob)"""


@dataclass(frozen=True)
class Round:
    """The same batches to the product, to nobody, and as bare commits a second."""

    real: Run
    noop: Run
    bare: float

    @property
    def ratio(self) -> float:
        return self.real.rate / self.bare


def main() -> int:
    """Measure and print; 0 if nothing was lost and no target is missed."""
    options = _options()
    with databases.home(options.database) as folder:
        keys = prepared(options.clients * KEYS_EACH)
        with serving("banso.config.wsgi") as real, serving("bench.noop") as noop:
            send(real, requests(options.clients, WARM_UP, keys, zipped=False))
            taken_out()
            found = {
                how: [
                    measured(folder, real, noop, keys, options, zipped=how == "gzip")
                    for _ in range(options.rounds)
                ]
                for how in ("plain", "gzip")
            }
    lines = [line for how, rounds in found.items() for line in table(how, rounds)]
    title = f"{options.clients} clients, {EVENTS} events a request, {options.database}"
    rows = [*HEAD, *(line.row for line in lines)]
    print(title, *rows, sep="\n")
    kept = sum(len(each.real.kept) for rounds in found.values() for each in rounds)
    print(f"{kept:,} events were acknowledged, each of them kept once")
    if options.write:
        write_page("ingestion", {title: rows})
    return int(any(line.missed for line in lines))


def measured(
    folder: Path,
    real: int,
    noop: int,
    keys: Sequence[str],
    options: argparse.Namespace,
    *,
    zipped: bool,
) -> Round:
    """One round; stops where an acknowledged event is not kept exactly once."""
    work = requests(options.clients, options.batches, keys, zipped=zipped)
    nothing = send(noop, work)
    run = send(real, work)
    require_sound(run, work)
    blobs = taken_out()
    require_kept(run.kept, blobs)
    return Round(run, nothing, bare(folder / "bare.sqlite3", blobs))


def require_sound(run: Run, work: Sequence[Sequence[Request]]) -> None:
    """Every request was answered with 200."""
    others = Counter(status for each in run.sent for status in each.others)
    if others or len(run.kept) != sum(len(each.messages) for mine in work for each in mine):
        sys.exit(f"not every request was taken: {dict(others)}")


def require_kept(kept: Sequence[str], blobs: Sequence[bytes]) -> None:
    """What was acknowledged is what the blobs hold."""
    from banso.events.inbox import unpack

    there = [row[1] for blob in blobs for row in unpack(blob)]
    if sorted(there) != sorted(kept):
        sys.exit(f"{len(kept)} events were acknowledged, {len(there)} are in the inbox")


def taken_out() -> list[bytes]:
    """The blobs of the inbox, which is empty afterwards."""
    from banso.events.models import Inbox

    blobs = [bytes(blob) for blob in Inbox.objects.order_by("id").values_list("blob", flat=True)]
    Inbox.objects.all().delete()
    return blobs


def bare(path: Path, blobs: Sequence[bytes]) -> float:
    """Events a second of commits that are on the disk before the next begins."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        connection.execute(BARE)
        began = time.perf_counter()
        for blob in blobs:
            connection.execute("begin immediate")
            row = (1, "2026-01-01", EVENTS, len(blob), blob)
            connection.execute("insert into bare values (null, ?, ?, ?, ?, ?)", row)
            connection.execute("commit")
        seconds = time.perf_counter() - began
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()
    return len(blobs) * EVENTS / seconds


def table(how: str, rounds: Sequence[Round]) -> list[Line]:
    """The figures of one encoding."""
    middle = statistics.median
    real, noop = middle(r.real.rate for r in rounds), middle(r.noop.rate for r in rounds)
    commits = middle(r.bare for r in rounds)
    beside = middle(r.real.rate / r.noop.rate for r in rounds)
    waits = f"no-op {middle(r.noop.p99 for r in rounds):.0f} ms"
    return [
        Line(
            f"{how}: durable ingest, to bare commits",
            middle(r.ratio for r in rounds),
            0.3,
            least=True,
            note=f"{real:,.0f} / {commits:,.0f} events a second",
        ),
        Line(f"{how}: to the no-op endpoint", beside, note=f"{real:,.0f} / {noop:,.0f}"),
        Line(
            f"{how}: 99 % answered within",
            middle(r.real.p99 for r in rounds),
            250,
            " ms",
            note=waits,
        ),
    ]


def prepared(number: int) -> list[str]:
    """A workspace with one source and so many keys; their secrets."""
    import django

    django.setup()
    from django.core.management import call_command

    from banso.base.models import Workspace
    from banso.events.sources import add_source
    from banso.ingest.keys import make_key

    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    Workspace.objects.create(id=1, name="Bench")
    source = add_source(name="Product", by=None)
    return [make_key(source=source, kind="server", by=None).secret for _ in range(number)]


@contextmanager
def serving(module: str) -> Iterator[int]:
    """The application of a module on the web server, as the product starts it; its port."""
    from banso.cli.commands.serve import granian

    port = free_port()
    command = granian("127.0.0.1", port, WORKERS, application=f"{module}:application")
    words = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    child = subprocess.Popen(command, env=words)
    try:
        await_server(port)
        yield port
    finally:
        child.terminate()
        child.wait(timeout=60)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Durable ingestion beside bare commits.")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--batches", type=int, default=25, help="of each client, in a round")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--write", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
