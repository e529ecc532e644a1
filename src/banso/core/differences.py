"""What differs between two texts, line by line and, within a changed line, word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

_WORD = re.compile(r"[A-Za-z0-9_À-ÿ]+|\s+|.", re.DOTALL)
AROUND = 1
"""Unchanged lines told before and after a change."""
LONGEST = 1_000
"""Words of a line that are compared one by one; the time goes with their square."""


@dataclass(frozen=True)
class Run:
    """Words in a row that stayed, came or went."""

    kind: Literal["same", "new", "gone"]
    text: str


@dataclass(frozen=True)
class Line:
    """A line of the two texts; `skipped` unchanged ones are left out before it."""

    runs: tuple[Run, ...]
    skipped: int = 0

    @property
    def changed(self) -> bool:
        return any(each.kind != "same" for each in self.runs)


def differences(before: str, after: str) -> list[Line]:
    """The changed lines with what stands around them; nothing where the texts are alike."""
    return list(_folded(list(_lines(before.splitlines(), after.splitlines()))))


def _lines(before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    for how, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if how == "equal":
            yield from (Line((Run("same", text),)) for text in before[i:j])
        else:
            yield from (_line(old, new) for old, new in zip_longest(before[i:j], after[k:m]))


def _line(old: str | None, new: str | None) -> Line:
    if old is None or new is None:
        kind: Literal["new", "gone"] = "new" if old is None else "gone"
        return Line((Run(kind, (new if old is None else old) or ""),))
    words = _WORD.findall(old), _WORD.findall(new)
    if max(map(len, words)) > LONGEST:
        return Line((Run("gone", old), Run("new", new)))
    return Line(tuple(_runs(*words)))


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    for how, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "equal":
            yield Run("same", "".join(old[i:j]))
            continue
        if i < j:
            yield Run("gone", "".join(old[i:j]))
        if k < m:
            yield Run("new", "".join(new[k:m]))


def _folded(lines: Sequence[Line]) -> Iterator[Line]:
    near = {
        at + step
        for at, line in enumerate(lines)
        if line.changed
        for step in range(-AROUND, AROUND + 1)
    }
    skipped = 0
    for at, line in enumerate(lines):
        if at in near:
            yield Line(line.runs, skipped)
        skipped = 0 if at in near else skipped + 1
