"""What the pages about recipes show."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Max, Prefetch, QuerySet
from django.shortcuts import get_object_or_404

from banso.base.models import Role, User
from banso.base.roles import MANAGERS, WRITERS
from banso.events.differences import Difference, Gone, differences, gone_of
from banso.events.labels import KIND_LABELS, field_label
from banso.events.models import Import, Recipe, RecipePart, RecipeRun
from banso.events.pages import RUNNING, Text
from banso.events.wording import Said, said_of_file
from banso.web.tables import TableState

SHOWN = 100
RUNS = 50


@dataclass(frozen=True)
class RecipeLine:
    """One recipe in the list."""

    recipe: Recipe
    kinds: Sequence[Text]
    last: RecipeRun | None


@dataclass(frozen=True)
class RecipesPage:
    """All recipes in use."""

    lines: Sequence[RecipeLine]
    may_run: bool


@dataclass(frozen=True)
class PartLine:
    """How one table of the file is read: its kind, and which column becomes what."""

    kind: Text
    part: RecipePart
    columns: Sequence[tuple[str, Text]]


@dataclass(frozen=True)
class RunLine:
    """One run in the history; `state` is the worst of its imports'."""

    run: RecipeRun
    state: str
    created: int
    changed: int
    unchanged: int
    missing: int | None


@dataclass(frozen=True)
class RecipePage:
    """One recipe: what it reads, and every run."""

    recipe: Recipe
    parts: Sequence[PartLine]
    runs: Page[RecipeRun]
    lines: Sequence[RunLine]
    state: TableState
    folder: bool
    may_run: bool
    may_change: bool


@dataclass(frozen=True)
class RunPart:
    """What one table of the file brought, beside what we had."""

    owner: Import
    kind: Text
    line: RunLine
    said: Said | None
    gone_columns: Sequence[str]
    new_columns: Sequence[str]
    other_sheet: str
    waits: bool
    differences: Sequence[Difference]
    more: bool
    missing: Sequence[Gone]
    missing_more: int
    may_end: bool


@dataclass(frozen=True)
class RunPage:
    """One run: what changed since the last one."""

    run: RecipeRun
    parts: Sequence[RunPart]
    running: bool


def recipes() -> QuerySet[Recipe]:
    """The recipes in use, by name."""
    return Recipe.objects.filter(retired_at=None).select_related("owner").order_by("name")


def recipe_or_404(uid: str) -> Recipe:
    return get_object_or_404(recipes(), uid=uid)


def run_or_404(uid: str) -> RecipeRun:
    return get_object_or_404(RecipeRun.objects.select_related("recipe", "by"), uid=uid)


def may_change(user: User, role: Role, recipe: Recipe) -> bool:
    """Managers change any recipe, others their own."""
    return role in MANAGERS or (role in WRITERS and recipe.owner_id == user.pk)


def recipes_page(role: Role) -> RecipesPage:
    found = list(recipes().prefetch_related("parts").annotate(last=Max("runs__id")))
    last = RecipeRun.objects.in_bulk([each.last for each in found if each.last])
    lines = [
        RecipeLine(each, [KIND_LABELS[p.kind] for p in each.parts.all()], last.get(each.last))
        for each in found
    ]
    return RecipesPage(lines, role in WRITERS)


def recipe_page(user: User, role: Role, recipe: Recipe, state: TableState) -> RecipePage:
    own = Prefetch("imports", queryset=Import.objects.order_by("id"))
    runs = RecipeRun.objects.filter(recipe=recipe).order_by("-id").select_related("by")
    page = Paginator(runs.prefetch_related(own), RUNS).get_page(state.page)
    return RecipePage(
        recipe=recipe,
        parts=[part_line(part) for part in recipe.parts.order_by("id")],
        runs=page,
        lines=[run_line(run, list(run.imports.all())) for run in page],
        state=state,
        folder=settings.FOLDER is not None,
        may_run=role in WRITERS,
        may_change=may_change(user, role, recipe),
    )


def part_line(part: RecipePart) -> PartLine:
    columns = [(header, field_label(part.kind, field)) for field, header in part.mapping.items()]
    return PartLine(KIND_LABELS[part.kind], part, columns)


def run_line(run: RecipeRun, imports: Sequence[Import]) -> RunLine:
    done = [each for each in imports if each.status in ("done", "undone")]
    missing = [each.missing for each in imports if each.missing is not None]
    return RunLine(
        run=run,
        state=worst(imports),
        created=sum(each.created for each in done),
        changed=sum(each.imported - each.created for each in done),
        unchanged=sum(each.duplicates for each in done),
        missing=sum(missing) if missing else None,
    )


def worst(imports: Sequence[Import]) -> str:
    order = ("failed", "refused", "ready", "uploaded", *RUNNING, "cancelled", "undone", "done")
    found = {each.status for each in imports}
    return next((state for state in order if state in found), "")


def run_page(user: User, role: Role, run: RecipeRun) -> RunPage:
    imports = list(run.imports.select_related("source", "by", "part__recipe").order_by("id"))
    parts = [run_part(user, role, run, owner) for owner in imports]
    return RunPage(run, parts, any(each.status in ("uploaded", *RUNNING) for each in imports))


def run_part(user: User, role: Role, run: RecipeRun, owner: Import) -> RunPart:
    note = owner.inspection.get("recipe") or {}
    some = list(islice(differences(user, owner), SHOWN + 1)) if owner.status == "done" else []
    proposes = run.recipe.missing == Recipe.Missing.PROPOSE and owner.kind == "accounts"
    rows = owner.missing_rows.order_by("value", "id")[:SHOWN]
    return RunPart(
        owner=owner,
        kind=KIND_LABELS.get(owner.kind, ""),
        line=run_line(run, [owner]),
        said=said_of_file(owner),
        gone_columns=note.get("gone", ()),
        new_columns=note.get("new", ()),
        other_sheet=note.get("sheet", ""),
        waits=owner.status == Import.Status.READY,
        differences=some[:SHOWN],
        more=len(some) > SHOWN,
        missing=gone_of(user, owner, rows) if owner.missing else [],
        missing_more=max(0, (owner.missing or 0) - SHOWN),
        may_end=proposes and role in WRITERS,
    )
