"""Atoms as SQL: over an event, or as the column of a rollup that holds them already."""

from dataclasses import dataclass

from banso.core.atoms import Atom, Kind
from banso.engine import sql_where
from banso.engine.connect import literal

MERGE: dict[Kind, str] = {
    "happened": "bool_or",
    "count": "sum",
    "sum": "sum",
    "weight": "sum",
    "last": "max",
}
"""The function that makes of what is kept of several sets of rows what is kept of all."""

TYPES: dict[Kind, str] = {
    "happened": "boolean",
    "count": "bigint",
    "sum": "double",
    "weight": "bigint",
    "last": "struct(t timestamp, v double)",
}


@dataclass(frozen=True)
class Cell:
    """What an atom is of one row: `value` where `when` holds (None: always), else nothing."""

    when: str | None
    value: str

    @property
    def sql(self) -> str:
        return self.value if self.when is None else f"case when {self.when} then {self.value} end"


def of_event(atom: Atom) -> Cell:
    """Over the columns (ts, event, count, properties)."""
    asked = all_of(
        _happened(atom.events), None if atom.where is None else sql_where.holds(atom.where)
    )
    if atom.kind == "happened":
        return Cell(asked, "true")
    if atom.of is None:
        return Cell(asked, "count")
    number = sql_where.number(atom.of)
    if atom.kind == "sum":
        return Cell(asked, f"count * {number}")
    known = all_of(asked, f"{number} is not null")
    value = "count" if atom.kind == "weight" else f"struct_pack(t := ts, v := {number})"
    return Cell(known, value)


def of_rollup(atom: Atom) -> Cell:
    """Over a row of a rollup."""
    if atom.kind == "happened":
        return Cell(None if atom.plain else atom.column, "true")
    return Cell(None, atom.column)


def all_of(*conditions: str | None) -> str | None:
    """The conditions together; None where there is none."""
    return " and ".join(each for each in conditions if each) or None


def _happened(names: tuple[str, ...]) -> str | None:
    if not names:
        return None
    listed = ", ".join(map(literal, names))
    return f"event = {listed}" if len(names) == 1 else f"event in ({listed})"
