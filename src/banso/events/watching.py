"""The watched folder: new, complete files that a recipe names are taken, oldest first, once."""

import hashlib
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath

import structlog
from django.conf import settings
from django.db import IntegrityError

from banso.events.actions import keep, stored
from banso.events.models import Import, Recipe, RecipeRun
from banso.events.recipes import begin_run
from banso.events.running import refuse

SETTLED = 10.0
"""Seconds since its last change after which a file counts as complete."""
PAUSE = 15.0
UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart", ".swp")
log = structlog.get_logger()
LAST_LOOK = [float("-inf")]


def due_files() -> int:
    """Look at the folder now and then; how many files were taken."""
    if settings.FOLDER is None or time.monotonic() - LAST_LOOK[0] < PAUSE:
        return 0
    LAST_LOOK[0] = time.monotonic()
    return look_around()


def look_around() -> int:
    """Take what is new. Nothing in the folder is moved, changed or removed."""
    recipes = Recipe.objects.filter(retired_at=None).exclude(pattern="")
    return sum(take(recipe, path) for recipe in recipes for path in complete(recipe.pattern))


def allowed(pattern: str) -> bool:
    """Whether a pattern stays inside the watched folder."""
    path = PurePosixPath(pattern)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in pattern


def complete(pattern: str) -> Iterator[Path]:
    """The files of that pattern which nobody writes to any more, the oldest first."""
    if settings.FOLDER is None or not allowed(pattern):
        return
    root = settings.FOLDER.resolve()
    found = [path for path in root.glob(pattern) if is_complete(path, root)]
    yield from sorted(found, key=lambda path: (path.stat().st_mtime, path.name))


def is_complete(path: Path, root: Path) -> bool:
    inside = path.is_file() and path.resolve().is_relative_to(root)
    passing = path.name.startswith((".", "~$")) or path.suffix.lower() in UNFINISHED
    return inside and not passing and time.time() - path.stat().st_mtime >= SETTLED


def take(recipe: Recipe, path: Path) -> bool:
    """Run the recipe with the file unless this content has been taken; True when it was new."""
    state = path.stat()
    try:
        digest = digest_of(path, state.st_size, state.st_mtime_ns)
    except OSError:
        return report(recipe, path, state.st_mtime_ns)
    if RecipeRun.objects.filter(recipe=recipe, origin="folder", digest=digest).exists():
        return False
    first = Import(file_name=path.name[-255:])
    kept = stored(first)
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("rb") as stream:
        first.digest, first.size = keep(stream, kept)
    if first.digest != digest:  # somebody writes to it after all
        kept.unlink()
        return False
    return begun(recipe, first)


def begun(recipe: Recipe, first: Import) -> bool:
    try:
        begin_run(recipe, first, origin=RecipeRun.Origin.FOLDER, by=None)
    except IntegrityError:  # another worker was faster
        stored(first).unlink(missing_ok=True)
        return False
    return True


def report(recipe: Recipe, path: Path, changed: int) -> bool:
    """A file that may not be opened is a run that was refused, told once."""
    digest = hashlib.sha256(f"{path.name} {changed}".encode()).hexdigest()
    run, is_new = RecipeRun.objects.get_or_create(
        recipe=recipe, origin="folder", digest=digest, defaults={"file_name": path.name[-255:]}
    )
    if is_new:
        log.warning("file_unreadable", recipe=recipe.uid)
        part = recipe.parts.first()
        owner = Import(run=run, part=part, kind=part.kind if part else "", source=recipe.source)
        owner.file_name, owner.digest, owner.size = run.file_name, digest, 0
        refuse(owner, "unreadable")
    return is_new


@lru_cache(maxsize=4096)
def digest_of(path: Path, size: int, changed: int) -> str:
    """The digest of a file in the state that its size and time of change tell."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
