"""What a recipe's file no longer has: the outside ids of its last file that this one lacks."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from django.db import transaction

from banso.base.pacing import paced
from banso.events.models import Import, Kind, MissingRow, Recipe, RecipePart, RecipeSeen

if TYPE_CHECKING:
    from banso.events.rows import Read

COUNTED = (Kind.ACCOUNTS, Kind.PEOPLE, Kind.CONTRACTS)
"""Kinds whose rows have ids of their own and of which a file is a whole list."""


def note_missing(owner: Import, reads: Iterable["Read"], *, left_out: int) -> None:
    """Write down what is missing since the last run, then what this file holds.

    Nothing is looked at where rows could not be read: theirs would seem to be missing. Doing it
    again after a crash goes on.
    """
    part = owner.part
    if part is None or part.kind not in COUNTED or left_out:
        return
    ids = {read.id for read in reads}
    seen = set(RecipeSeen.objects.filter(part=part).values_list("value", flat=True))
    if owner.missing is None and part.recipe.missing != Recipe.Missing.IGNORE:
        write_missing(owner, sorted(seen - ids))
    remember(part, ids - seen, seen - ids)


def write_missing(owner: Import, values: Collection[str]) -> None:
    owner.missing_rows.all().delete()
    for some in paced(values):
        MissingRow.objects.bulk_create(MissingRow(owner=owner, value=each) for each in some)
    owner.missing = len(values)
    owner.save(update_fields=["missing"])


def remember(part: RecipePart, come: Collection[str], gone: Collection[str]) -> None:
    for some in paced(come):
        rows = [RecipeSeen(part=part, value=each) for each in some]
        RecipeSeen.objects.bulk_create(rows, ignore_conflicts=True)
    for some in paced(gone):
        RecipeSeen.objects.filter(part=part, value__in=some).delete()


def seed(part: RecipePart, owner: Import) -> None:
    """The recipe's first file is the import it was saved from: its ids are read once more by a
    worker, if the file is still kept."""
    from banso.events.actions import remember_first, stored

    if part.kind in COUNTED and stored(owner).is_file():
        transaction.on_commit(
            lambda: remember_first.enqueue(part_id=part.pk, import_id=owner.pk) and None
        )
