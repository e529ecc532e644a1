"""Rows given back when a merge is undone, in whatever order merges are undone.

A row's way is written in the merges that moved it, so it can always go back along it. Where its
old place is taken by a row that another merge moved there, that one goes a step back first.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import batched
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model, Q, QuerySet, UniqueConstraint

from banso.engagements.models import Engagement
from banso.matching.models import Merge
from banso.matching.moving import CHUNK, Column, columns, label, named
from banso.parties.models import Party

PARTIES: tuple[type[Model], ...] = (Party, Engagement)


def holders(done: Merge) -> list[tuple[type[Any], int, int]]:
    """(model, winner, loser) of everything that rows may refer to."""
    pairs = [(Engagement, one, other) for one, other in done.engagements]
    return [(Party, done.winner_id, done.loser_id), *pairs]


def chain(model: type[Any], row: int) -> list[int]:
    """The row and what it was merged into, up to the survivor."""
    found: list[int] = []
    each: int | None = row
    while each is not None:
        found.append(each)
        each = model._base_manager.values_list("merged_into", flat=True).get(pk=each)
    return found


def moved_of(done: Merge, model: type[Model]) -> dict[str, list[int]]:
    """What the merge moved that refers to `model`."""
    return {n: rows for n, rows in done.moved.items() if named(n).related_model is model}


def give_back(done: Merge) -> None:
    """Each row the merge moved refers to the loser again, unless somebody has moved it since."""
    for model, target, source in holders(done):
        above = chain(model, target)
        for name, rows in moved_of(done, model).items():
            for some in batched(rows, CHUNK):
                _back(named(name), some, above, source)


def _back(column: Column, rows: Sequence[int], above: Collection[int], target: int) -> bool:
    """Make those rows that refer to one of `above` refer to `target`; whether all did."""
    there = column.model._base_manager.filter(pk__in=rows, **{f"{column.attname}__in": list(above)})
    if _set(there, column, target):
        return True
    if len(rows) > 1:
        middle = len(rows) // 2
        halves = (rows[:middle], rows[middle:])
        went = [_back(column, half, above, target) for half in halves]
        return all(went)
    row = there.get()
    made_way = [_step_back(each) for each in _in_the_way(row, column, target)]
    return all(made_way) and _set(there, column, target)


def _set(rows: QuerySet[Any], column: Column, target: int) -> bool:
    try:
        with transaction.atomic():
            rows.update(**{column.attname: target})
    except IntegrityError:
        return False
    return True


def _in_the_way(row: Model, column: Column, target: int) -> list[Model]:
    """The rows that have what `row` would have if it referred to `target`."""
    found: dict[int, Model] = {}
    for names, condition in _unique(column):
        values = {name: getattr(row, row._meta.get_field(name).attname) for name in names}
        same = column.model._base_manager.exclude(pk=row.pk).filter(
            condition, **(values | {column.name: target})
        )
        found |= {each.pk: each for each in same}
    return list(found.values())


def _unique(column: Column) -> Iterator[tuple[Sequence[str], Q]]:
    """The sets of fields with this column that no two rows share, each with its condition."""
    meta = column.model._meta
    if column.unique:
        yield (column.name,), Q()
    yield from ((names, Q()) for names in meta.unique_together if column.name in names)
    for each in meta.constraints:
        if isinstance(each, UniqueConstraint) and column.name in each.fields:
            yield each.fields, each.condition or Q()


def _step_back(row: Model) -> bool:
    """Undo the last step that a merge made with this row; False where none did."""
    for model in PARTIES:
        for column in columns(model):
            if column.model is type(row) and (found := _step(row, column, model)):
                done, source = found
                name = label(column)
                if not _back(column, [row.pk], [getattr(row, column.attname)], source):
                    return False
                done.moved[name] = [pk for pk in done.moved[name] if pk != row.pk]
                done.kept += 1
                done.save(update_fields=["moved", "kept"])
                return True
    return False


def _step(row: Model, column: Column, model: type[Model]) -> tuple[Merge, int] | None:
    """The open merge that made the row refer to what it does, and to what it did before."""
    now = getattr(row, column.attname)
    party = (
        now if model is Party else Engagement.objects.values_list("party", flat=True).get(pk=now)
    )
    for done in Merge.objects.filter(undone_at=None, winner__in=chain(Party, party)):
        for of, target, source in holders(done):
            if of is model and target == now and row.pk in done.moved.get(label(column), []):
                return done, source
    return None
