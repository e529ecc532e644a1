"""The table that is printed, and the section of docs/drill.md."""

import argparse
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bench.drill.ends import End
from bench.drill.judge import Read
from bench.drill.ledger import Ledger
from bench.drill.strikes import Strike

HEAD = "| kind | kills | inside | acknowledged | lost | twice | reads | wrong | failed |"
RULE = "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"


@dataclass(frozen=True)
class Table:
    title: str
    lines: Sequence[str]
    faults: Sequence[str]


def of_kills(
    options: argparse.Namespace,
    strikes: Sequence[Strike],
    ledger: Ledger,
    reads: Sequence[Read],
    end: End,
    took: float,
) -> Table:
    """Events and answers belong to the kind that was being killed at their moment."""
    begun = [each.began for each in strikes]

    def kind(moment: float) -> str:
        return strikes[max(0, bisect_right(begun, moment) - 1)].kind

    kept = ledger.kept()
    columns = [
        Counter(each.kind for each in strikes),
        Counter(each.kind for each in strikes if each.inside),
        Counter(kind(at) for at in kept.values()),
        Counter(kind(kept[number]) for number in end.lost),
        Counter(kind(kept.get(number, 0)) for number in end.twice),
        Counter(kind(read.began) for read in reads),
        Counter(kind(read.began) for read in reads if read.fault),
        Counter(kind(read.began) for read in reads if read.error),
    ]
    rows = [row(name, [each[name] for each in columns]) for name in sorted(columns[0])]
    rows.append(row("all", [each.total() for each in columns]))
    answers = ", ".join(f"{what} {times:,}" for what, times in ledger.answers.most_common())
    bad = sum(times for what, times in ledger.answers.items() if what.startswith(("4", "500")))
    faults = [*end.faults, *told(reads)]
    faults += [f"{len(end.lost)} lost, {len(end.twice)} twice"] if end.lost or end.twice else []
    faults += [f"answers that must not come: {answers}"] if bad else []
    lines = [
        HEAD, RULE, *rows, "",
        f"Seed {options.seed}, {options.database}, {took:.0f} s. Answers to products: {answers}.",
        *(f"- FAULT: {each}" for each in faults[:20]),
    ]  # fmt: skip
    return Table("Kill -9", lines, faults)


def row(name: str, cells: Sequence[int]) -> str:
    return f"| {name} | " + " | ".join(f"{cell:,}" for cell in cells) + " |"


def told(reads: Sequence[Read]) -> list[str]:
    return [
        f"{read.kind}: {read.fault or read.error}" for read in reads if read.fault or read.error
    ]


def write(tables: Sequence[Table]) -> None:
    raise NotImplementedError
