"""`make drill`: processes killed in the middle of their work while others send and read.

    python -m bench.drill [--kills 200] [--each 20] [--seed 1] [--database sqlite|postgresql]
                          [--nights 200] [--write]

`--each` kills of each kind, else `--kills` spread over the kinds in an order the seed chooses. Two
`banso serve` and one `banso worker` run; products send to both servers and send again what was
not acknowledged, with duplicates; readers measure, explore, explain and read the files. Each kill
is kill -9 at a moment seen from outside (a file appears, a transaction) or at random. At the end
every acknowledged event must be in the lake once, every answer a state that existed, the lake
sound, and numbers from rollups, from events and by hand the same. Then `--nights` nights of plays
are killed (bench/drill/nights.py), and the disk fills up.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator

from bench import databases
from bench.drill import disk, nights, report
from bench.drill.company import found
from bench.drill.ends import checked, settle
from bench.drill.judge import judged
from bench.drill.scene import Crowd, calm, running
from bench.drill.strikes import KINDS, Strike, Striker


def main() -> int:
    options = arguments()
    tables = list(drilled(options))
    if options.write:
        report.write(tables)
    return int(any(table.faults for table in tables))


def drilled(options: argparse.Namespace) -> Iterator[report.Table]:
    """Each table is printed when it is there."""
    if options.kills or options.each:
        yield shown(kills(options))
    if options.nights:
        yield shown(nights.drill(options.seed, options.nights))
    if not options.without_disk:
        yield shown(disk.drill(options.seed, rounds=options.fullness))


def shown(table: report.Table) -> report.Table:
    print("\n".join(["", table.title, "", *table.lines]), flush=True)
    return table


def kills(options: argparse.Namespace) -> report.Table:
    dice, began = random.Random(options.seed), time.monotonic()
    plan = planned(options, dice)
    with databases.home(options.database) as folder:
        import django

        django.setup()
        found()
        crowd = Crowd(options.readers, options.senders, options.pause)
        with running(folder, options.seed, crowd, logs=folder) as scene:
            striker = Striker(scene, dice)
            strikes = struck(plan, striker)
            calm(scene)
            settle(scene)
        gone = list(striker.gone.values())
        ended = checked(scene.ledger, gone)
        reads = judged(scene.reads(), scene.ledger, gone)
        took = time.monotonic() - began
        told = report.Drilled(options.seed, options.database, took, strikes, scene.ledger, reads)
        return report.of_kills(told, ended)


def planned(options: argparse.Namespace, dice: random.Random) -> list[str]:
    """All kinds in turn, each turn in an order of its own, so that the killed have time to come
    back."""
    kinds = list(KINDS)
    many = options.each * len(kinds) or options.kills
    turns = (dice.sample(kinds, len(kinds)) for _ in range(0, many, len(kinds)))
    return [kind for turn in turns for kind in turn][:many]


def struck(plan: list[str], striker: Striker) -> list[Strike]:
    strikes = []
    for number, kind in enumerate(plan, 1):
        strikes.append(striker.strike(kind))
        last = strikes[-1]
        took = last.ended - last.began
        print(f"{number}/{len(plan)} {kind}: {last.moment}, {took:.1f} s", flush=True)
    return strikes


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Kill processes in the middle of their work.")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--each", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pause", type=float, default=0.15, help="between batches of a product")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--readers", type=int, default=2)
    parser.add_argument("--senders", type=int, default=3)
    parser.add_argument("--fullness", type=int, default=3, help="how often the disk is full")
    parser.add_argument("--nights", type=int, default=200, help="nights of plays that are killed")
    parser.add_argument("--without-disk", action="store_true")
    parser.add_argument("--write", action="store_true", help="into docs/drill.md")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
