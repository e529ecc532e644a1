"""The table that is printed, and the section of docs/drill.md."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.drill.ends import End
from bench.drill.judge import Read
from bench.drill.ledger import Ledger
from bench.drill.strikes import Strike
from bench.report import machine

PAGE = Path(__file__).resolve().parents[2] / "docs" / "drill.md"
BEGIN, END = "<!-- written by make drill -->", "<!-- end -->"
HEAD = "| kind | kills | inside | acknowledged | lost | twice | reads | wrong | failed |"
RULE = "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"


@dataclass(frozen=True)
class Table:
    title: str
    lines: Sequence[str]
    faults: Sequence[str]


@dataclass(frozen=True)
class Drilled:
    """What was done and what was seen."""

    seed: int
    database: str
    seconds: float
    strikes: Sequence[Strike]
    ledger: Ledger
    reads: Sequence[Read]

    def kind(self, moment: float) -> str:
        """Events and answers belong to the kind that was being killed at their moment."""
        begun = [each.began for each in self.strikes]
        return self.strikes[max(0, bisect_right(begun, moment) - 1)].kind


def of_kills(told: Drilled, end: End) -> Table:
    ledger, strikes, reads, kind = told.ledger, told.strikes, told.reads, told.kind
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
    faults = [*end.faults, *wrong(reads)]
    faults += [f"{len(end.lost)} lost, {len(end.twice)} twice"] if end.lost or end.twice else []
    faults += ["an answer 500"] if ledger.answers["500"] else []
    lines = [
        HEAD, RULE, *rows, "",
        f"Seed {told.seed}, {told.database}, {told.seconds:.0f} s. Answers to products: {answers}.",
        *(f"- FAULT: {each}" for each in faults[:20]),
    ]  # fmt: skip
    return Table("Kill -9", lines, faults)


def row(name: str, cells: Sequence[int]) -> str:
    return f"| {name} | " + " | ".join(f"{cell:,}" for cell in cells) + " |"


def wrong(reads: Sequence[Read]) -> list[str]:
    return [
        f"{read.kind}: {read.fault or read.error}" for read in reads if read.fault or read.error
    ]


def write(tables: Sequence[Table]) -> None:
    """Put the tables in the place of the last ones."""
    page = PAGE.read_text()
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    sections = [f"### {table.title}\n\n" + "\n".join(table.lines) for table in tables]
    PAGE.write_text(f"{before}{'\n\n'.join([BEGIN, *sections, machine(), END])}{after}")
