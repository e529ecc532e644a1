"""Rows given back when a merge is undone, in whatever order merges are undone.

A row's way is written in the merges that moved it, so it can always go back along it. Where its
old place is taken by a row that another merge moved there, both go back to where they were before
any merge: there, no two rows can have been in each other's way. The merges that are still open
then move again what they can.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model, Q, UniqueConstraint

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


def give_back(done: Merge) -> set[int]:
    """Each row the merge moved refers to the loser again, unless somebody has moved it since; the
    other merges of which rows had to make way for that."""
    touched: set[int] = set()
    for model, target, source in holders(done):
        above = chain(model, target)
        for name, rows in moved_of(done, model).items():
            for some in batched(rows, CHUNK):
                touched |= _back(done, named(name), some, above, source)
    return touched


def _back(
    done: Merge, column: Column, rows: Sequence[int], above: Collection[int], target: int
) -> set[int]:
    """Make those rows that refer to one of `above` refer to `target`."""
    there = column.model._base_manager.filter(pk__in=rows, **{f"{column.attname}__in": list(above)})
    try:
        with transaction.atomic():
            there.update(**{column.attname: target})
    except IntegrityError:
        if len(rows) == 1:
            return _to_origin(there.get(), done)
        middle = len(rows) // 2
        halves = (rows[:middle], rows[middle:])
        return set().union(*(_back(done, column, half, above, target) for half in halves))
    return set()


def _to_origin(first: Any, done: Merge) -> set[int]:
    """Put a row, and whatever is in its way, where it was before any merge."""
    ways: dict[int, Way] = {}
    waiting = [first]
    while waiting:
        row = waiting.pop()
        ways[row.pk] = way = Way.of(row, done)
        waiting += [each for each in _in_the_way(row, way) if each.pk not in ways]
    with _parked([(ways[pk].row, ways[pk]) for pk in ways]):
        for way in ways.values():
            type(way.row)._base_manager.filter(pk=way.row.pk).update(**way.origin)
    touched = {pk for way in ways.values() for pk in way.merges}
    for each in Merge.objects.filter(pk__in=touched, undone_at=None):
        for way in ways.values():
            for name in way.names:
                each.moved[name] = [pk for pk in each.moved.get(name, []) if pk != way.row.pk]
        each.moved = {name: rows for name, rows in each.moved.items() if rows}
        each.save(update_fields=["moved"])
    return touched - {done.pk}


@dataclass
class Way:
    """Where merges took a row: its columns (attname: value) before any of them, and which."""

    row: Any
    origin: dict[str, int] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    merges: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, row: Any, done: Merge) -> "Way":
        """The way of a row; `done`, which is being undone, counts."""
        found = cls(row)
        for model in PARTIES:
            for column in columns(model):
                if column.model is type(row):
                    found._follow(column, model, done)
        return found

    def _follow(self, column: Column, model: type[Any], done: Merge) -> None:
        now, name = getattr(self.row, column.attname), label(column)
        while now is not None and (step := _step(self.row.pk, name, model, now, done)):
            merge, now = step
            self.merges.add(merge)
            self.origin[column.attname] = now
            self.names.append(name)


def _step(row: int, name: str, model: type[Any], now: int, done: Merge) -> tuple[int, int] | None:
    """The merge that took the row to `now`, and from where."""
    party = now
    if model is Engagement:
        party = Engagement.objects.values_list("party", flat=True).get(pk=now)
    known = Q(winner__in=chain(Party, party)) | Q(winner__in=_former(party))
    for each in Merge.objects.filter(Q(undone_at=None) | Q(pk=done.pk), known):
        for of, target, source in holders(each):
            if of is model and target == now and row in each.moved.get(name, []):
                return each.pk, source
    return None


def _former(party: int) -> list[int]:
    """The parties that were merged into this one."""
    return list(Party.objects.filter(merged_into=party).values_list("pk", flat=True))


def _in_the_way(row: Any, way: Way) -> list[Any]:
    """The rows that have what `row` will have at its origin."""
    found: dict[int, Any] = {}
    for names, condition in _unique(type(row)):
        attnames = [row._meta.get_field(name).attname for name in names]
        if not set(attnames) & way.origin.keys():
            continue
        values = {each: way.origin.get(each, getattr(row, each)) for each in attnames}
        same = type(row)._base_manager.exclude(pk=row.pk).filter(condition, **values)
        found |= {each.pk: each for each in same}
    return list(found.values())


def _unique(model: type[Model]) -> Iterator[tuple[Sequence[str], Q]]:
    """The sets of fields that no two rows share, each with its condition."""
    meta = model._meta
    yield from (((each.name,), Q()) for each in meta.concrete_fields if each.unique)
    yield from ((names, Q()) for names in meta.unique_together)
    for each in meta.constraints:
        if isinstance(each, UniqueConstraint) and each.fields:
            yield each.fields, each.condition or Q()


@contextmanager
def _parked(rows: Sequence[tuple[Any, Way]]) -> Iterator[None]:
    """Within, each row refers to a place of its own, so that none is in another's way."""
    places = []
    for row, way in rows:
        place = Party.objects.create(kind=Party.Kind.PERSON, name="-", name_key="-")
        room = Engagement.objects.create(party=place)
        places += [room, place]
        kinds: dict[str, int] = {
            each.attname: place.pk if each.related_model is Party else room.pk
            for each in row._meta.concrete_fields
            if each.attname in way.origin
        }
        type(row)._base_manager.filter(pk=row.pk).update(**kinds)
    yield
    for each in places:
        each.delete()
