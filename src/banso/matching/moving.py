"""Rows that refer to one row made to refer to another, over every table there is.

No room needs code of its own for this: the foreign keys say what refers to what, and the
database's own constraints say what cannot move.
"""

from collections.abc import Iterator, Sequence
from itertools import batched
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ForeignKey, Model

from banso.events.undo import COMPUTED

type Moved = dict[str, list[int]]
type Column = ForeignKey[Any, Any]

CHUNK = 500
OWN = frozenset({"matching.match", "matching.merge"})
"""Models that say what was made one; they keep speaking of the two."""


def columns(model: type[Model]) -> list[Column]:
    """The foreign keys to `model` whose rows move: all but those of computed rows, of its own
    details (which share its key), of merging itself, and of what was merged into it."""
    relations: list[Any] = list(model._meta.get_fields(include_hidden=True))
    fields: set[Column] = {each.field for each in relations if _refers(each)}
    return sorted((each for each in fields if _moves(each, model)), key=label)


def label(column: Column) -> str:
    """The column's name in `moved`."""
    return f"{column.model._meta.label_lower}.{column.name}"


def move(model: type[Model], source: int, target: int) -> Moved:
    """Make everything that refers to row `source` of `model` refer to `target`; what moved. Call
    it inside a transaction."""
    moved: Moved = {}
    for column in columns(model):
        rows = _rows(column, source)
        if gone := list(_given(column, rows, target)):
            moved[label(column)] = gone
    return moved


def left(model: type[Model], row: int) -> int:
    """How many rows still refer to the row."""
    return sum(len(_rows(each, row)) for each in columns(model))


def named(name: str) -> Column:
    """The column of a `label`."""
    from django.apps import apps

    model, _, field = name.rpartition(".")
    found = apps.get_model(model)._meta.get_field(field)
    assert isinstance(found, ForeignKey)
    return found


def _refers(relation: Any) -> bool:
    return bool(relation.auto_created and (relation.one_to_many or relation.one_to_one))


def _moves(column: Column, model: type[Model]) -> bool:
    owner = column.model._meta
    return (
        not column.primary_key
        and owner.label_lower not in OWN | COMPUTED
        and not (owner.model is model and column.name == "merged_into")
    )


def _rows(column: Column, target: int) -> list[int]:
    rows = column.model._base_manager.filter(**{column.attname: target})
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _given(column: Column, rows: Sequence[int], target: int) -> Iterator[int]:
    """Those of the rows that a constraint let go to `target`: all at once where possible, else
    each half by itself."""
    for some in batched(rows, CHUNK):
        yield from _halved(column, some, target)


def _halved(column: Column, rows: Sequence[int], target: int) -> Iterator[int]:
    try:
        with transaction.atomic():
            found = column.model._base_manager.filter(pk__in=rows)
            found.update(**{column.attname: target})
    except IntegrityError:
        if len(rows) > 1:
            middle = len(rows) // 2
            yield from _halved(column, rows[:middle], target)
            yield from _halved(column, rows[middle:], target)
        return
    yield from rows
