"""The verbs of a recipe: saved from an import, changed, mended, put away, and run again."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from banso.base.activity import record
from banso.base.models import User
from banso.core.headers import normalise
from banso.events.actions import Readable, confirm, copy_of, keep, look, stored
from banso.events.models import Import, Kind, Recipe, RecipePart, RecipeRun
from banso.events.since import seed

READY = Import.Status.READY


class NameTaken(Exception):
    """Another recipe goes by that name."""


@dataclass(frozen=True)
class RecipeSheet:
    """What people decide about a recipe."""

    name: str
    skip_bad: bool = False
    missing: str = Recipe.Missing.REPORT
    pattern: str = ""


@dataclass(frozen=True)
class Fit:
    """How a file's headers fit a part: the column of each field, headers that are gone and the
    fields they were, and headers that are new."""

    columns: Mapping[str, int]
    gone: Mapping[str, str]
    new: tuple[str, ...]


@transaction.atomic
def save_recipe(*, owner: Import, name: str, by: User) -> Recipe:
    """Save how this file, with its other sheets, was read. Raises NameTaken."""
    same = Import.objects.filter(digest=owner.digest, status=Import.Status.DONE)
    latest = {each.kind: each for each in same.order_by("id")} | {owner.kind: owner}
    if Recipe.objects.filter(name=name, retired_at=None).exists():
        raise NameTaken

    recipe = Recipe.objects.create(
        name=name, source=owner.source, skip_bad=owner.skip_bad, owner=by
    )
    for kind in Kind.values:
        if kind in latest:
            seed(part_from(recipe, latest[kind]), latest[kind])
    record("recipe.saved", actor=by, subject_id=recipe.pk)
    return recipe


def part_from(recipe: Recipe, owner: Import) -> RecipePart:
    headers = owner.inspection["headers"]
    part, _ = RecipePart.objects.update_or_create(
        recipe=recipe,
        kind=owner.kind,
        defaults={
            "sheet": owner.sheet if owner.inspection.get("others") else "",
            "header_row": owner.header_row or 1,
            "headers": headers,
            "mapping": {field: headers[column] for field, column in owner.mapping.items()},
        },
    )
    return part


@transaction.atomic
def change_recipe(*, recipe: Recipe, sheet: RecipeSheet, by: User) -> None:
    """Another name, another choice. Raises NameTaken."""
    others = Recipe.objects.filter(name=sheet.name, retired_at=None).exclude(pk=recipe.pk)
    if others.exists():
        raise NameTaken
    Recipe.objects.filter(pk=recipe.pk).update(**vars(sheet))
    record("recipe.changed", actor=by, subject_id=recipe.pk)


@transaction.atomic
def mend(*, owner: Import, by: User) -> None:
    """From now on the recipe reads its file as this import does."""
    if owner.part:
        part_from(owner.part.recipe, owner)
        record("recipe.mended", actor=by, subject_id=owner.part.recipe_id)


@transaction.atomic
def retire_recipe(*, recipe: Recipe, by: User) -> None:
    """The recipe is offered no more; its runs stay."""
    Recipe.objects.filter(pk=recipe.pk, retired_at=None).update(retired_at=timezone.now())
    record("recipe.retired", actor=by, subject_id=recipe.pk)


def run_stream(*, recipe: Recipe, stream: Readable, name: str, by: User | None) -> RecipeRun:
    """Run the recipe with an uploaded file."""
    first = Import(file_name=name[-255:])
    path = stored(first)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    first.digest, first.size = keep(stream, path)
    return begin_run(recipe, first, origin=RecipeRun.Origin.UPLOAD, by=by)


def run_path(*, recipe: Recipe, path: Path, by: User | None = None) -> RecipeRun:
    """Run the recipe with a file of this machine, which stays where it is."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    first = Import(file_name=path.name[-255:], digest=digest, size=path.stat().st_size)
    stored(first).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    stored(first).symlink_to(path.resolve())
    return begin_run(recipe, first, origin=RecipeRun.Origin.COMMAND, by=by)


def begin_run(recipe: Recipe, first: Import, *, origin: str, by: User | None) -> RecipeRun:
    """One import for each part of the recipe; those that fit are confirmed at once, the others
    wait for somebody to look at their columns."""
    with transaction.atomic():
        run = RecipeRun.objects.create(
            recipe=recipe, origin=origin, by=by, file_name=first.file_name, digest=first.digest
        )
        owners = list(imports_for(run, first, by))
        record("recipe.run", actor=by, subject_id=run.pk, detail={"origin": origin})
    for owner in owners:
        prepare(owner)
    return run


def imports_for(run: RecipeRun, first: Import, by: User | None) -> Iterable[Import]:
    order = {kind: number for number, kind in enumerate(Kind.values)}
    for part in sorted(run.recipe.parts.all(), key=lambda each: order[each.kind]):
        words = {"file_name": first.file_name, "digest": first.digest, "size": first.size}
        owner = Import(**words, source=run.recipe.source, by=by, run=run, part=part)
        owner.kind = part.kind
        owner.save()
        copy_of(stored(first), stored(owner))
        yield owner
    stored(first).unlink(missing_ok=True)


def prepare(owner: Import) -> None:
    """Look at the file as the recipe says; confirm it when every column is there."""
    part = owner.part
    assert part is not None
    look(owner=owner, kind=part.kind, sheet=part.sheet, header_row=part.header_row)
    if owner.status == READY and fit(part, owner).gone:
        look(owner=owner, kind=part.kind, sheet=part.sheet)
    if owner.status != READY:
        return
    found = fit(part, owner)
    look(
        owner=owner,
        kind=part.kind,
        sheet=owner.sheet,
        header_row=owner.header_row,
        mapping=found.columns,
    )
    if owner.status != READY:
        return
    note = {"gone": list(found.gone.values()), "new": list(found.new)}
    other = part.sheet not in ("", owner.sheet)
    owner.inspection["recipe"] = note | {"sheet": part.sheet if other else ""}
    owner.save(update_fields=["inspection"])
    if found.gone or owner.inspection["lacking"]:
        from banso.events.after import ended

        ended(owner)
    else:
        confirm(by=owner.by, owner=owner, skip_bad=part.recipe.skip_bad)


def fit(part: RecipePart, owner: Import) -> Fit:
    """Compare the file's headers with the part's; width, case and spaces do not count."""
    headers = owner.inspection["headers"]
    place = {normalise(header): number for number, header in enumerate(headers)}
    columns = {
        field: place[normalise(header)]
        for field, header in part.mapping.items()
        if normalise(header) in place
    }
    gone = {field: header for field, header in part.mapping.items() if field not in columns}
    before = {normalise(header) for header in part.headers}
    new = tuple(header for header in headers if header and normalise(header) not in before)
    return Fit(columns, gone, new)
