"""`banso import`: brings a company's files in."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from banso.events.models import Import
    from banso.events.sandbox import Progress

NAME = "import"
HELP = "bring in files of customers, people, contracts, contacts, usage and values of metrics"
KINDS = ("accounts", "people", "contracts", "contacts", "events", "measurements")
COUNTS = ("lines", "imported", "rejected", "on_hold", "duplicates", "conflicts")
SHOWN = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    for kind in KINDS:
        parser.add_argument(
            f"--{kind}", metavar="FILE", type=Path, action="append", help="may be given again"
        )
    parser.add_argument("--recipe", metavar="NAME", help="read the files as this recipe says")
    parser.add_argument("files", metavar="FILE", type=Path, nargs="*", help="files of the recipe")
    parser.add_argument("--source", metavar="NAME", help="the system whose ids the files hold")
    parser.add_argument("--sheet", help="the sheet of a workbook (default: the one that fits)")
    parser.add_argument("--skip-bad", action="store_true", help="take the good rows of a file")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.add_argument("--language", choices=["ja", "en"], default=own_language())


def run(options: argparse.Namespace) -> int:
    """Exit code 1 when a file was refused, 2 when there is nothing to import."""
    from django.utils import translation

    from banso.base.jobs import run_all
    from banso.base.pacing import step_back
    from banso.cli.prepare import prepare

    given = [(kind, path) for kind in KINDS for path in getattr(options, kind) or ()]
    if wrong := mistake(options, [path for _, path in given]):
        print(f"banso import: {wrong}", file=sys.stderr)
        return 2
    prepare()
    step_back()
    ensure_workspace(options.language)
    with translation.override(options.language):
        try:
            owners = run_recipe(options) if options.recipe else []
        except LookupError:
            print(f"banso import: no recipe is called {options.recipe}", file=sys.stderr)
            return 2
        owners += [bring_in(kind, path, options) for kind, path in given]
        run_all()
        for owner in owners:
            owner.refresh_from_db()
        if options.format == "json":
            print(json.dumps(result(owners), ensure_ascii=False))
        else:
            tell(owners)
    return int(any(refused(owner) for owner in owners))


def mistake(options: argparse.Namespace, given: list[Path]) -> str:
    """What is wrong with the words of the command; "" when nothing is."""
    paths = [*given, *options.files]
    absent = [path for path in paths if not path.is_file()]
    if absent:
        return f"{absent[0]}: no such file"
    if bool(options.files) != bool(options.recipe) or not paths:
        return "which files? see --help"
    return ""


def run_recipe(options: argparse.Namespace) -> list["Import"]:
    """Run the recipe with each file in turn. Raises LookupError when none goes by the name."""
    from banso.base.jobs import run_all
    from banso.events.models import Recipe
    from banso.events.recipes import run_path

    recipe = Recipe.objects.filter(name=options.recipe, retired_at=None).first()
    if recipe is None:
        raise LookupError(options.recipe)
    owners: list[Import] = []
    for path in options.files:
        run = run_path(recipe=recipe, path=path)
        run_all()
        owners.extend(run.imports.order_by("id"))
    return owners


def bring_in(kind: str, path: Path, options: argparse.Namespace) -> "Import":
    """Import one file now, in this process and its child; where they die, a worker goes on."""
    from banso.base.jobs import close, kept, taken
    from banso.base.models import Job
    from banso.events.actions import begin_local, run_import, stored
    from banso.events.running import carry_out
    from banso.events.sources import source_named

    source = source_named(options.source or "", by=None)
    owner = begin_local(
        path=path,
        kind=kind,
        sheet=options.sheet or "",
        skip_bad=options.skip_bad,
        source=source,
    )
    job = taken(run_import, import_id=owner.pk)
    with progress(path.name) as watch, kept(job):
        carry_out(owner, stored(owner), watch=watch)
    close(job, Job.Status.DONE)
    owner.refresh_from_db()
    return owner


def result(owners: list["Import"]) -> dict[str, dict[str, Any]]:
    """The counts of each kind; the last five add up to the first."""
    found: dict[str, dict[str, Any]] = {}
    for owner in owners:
        before = found.setdefault(owner.kind, dict.fromkeys(COUNTS, 0))
        for name in COUNTS:
            before[name] += getattr(owner, name)
        if owner.part_id:
            before["since_last_run"] = since_of(owner)
        if refused(owner):
            before["refused"] = True
            before.setdefault("problems", []).extend(problems_of(owner))
    return found


def problems_of(owner: "Import") -> list[dict[str, Any]]:
    """Why the file was refused: the file's own problem, then the first rows'."""
    from banso.events.wording import said_of_file, said_of_row

    rows = list(owner.problems.all()[:SHOWN])
    said = said_of_file(owner)
    own = [{"code": owner.problem, "message": said.what, "help": said.help}] if said else []
    return (own if not rows else []) + [
        {
            "line": each.line,
            "column": each.column,
            "code": each.code,
            "found": each.found,
            "message": said_of_row(each).what,
            "help": said_of_row(each).help,
        }
        for each in rows
    ]


def tell(owners: list["Import"]) -> None:
    """The counts as a table; what is wrong, and what was left, on standard error."""
    from banso.events.labels import COUNT_LABELS, KIND_LABELS
    from banso.events.wording import (
        COLUMNS_CHANGED,
        PLACE,
        SHEETS_LEFT,
        SINCE,
        said_of_file,
        said_of_row,
    )

    for owner in owners:
        counts = ", ".join(f"{COUNT_LABELS[name]} {getattr(owner, name):,}" for name in COUNTS)
        print(f"{KIND_LABELS[owner.kind]} ({owner.file_name}): {counts}")
        if owner.part_id:
            print(str(SINCE) % since_of(owner))
        if owner.status == "ready":
            print(f"{owner.file_name}: {COLUMNS_CHANGED}", file=sys.stderr)
        if said := said_of_file(owner):
            print(f"{owner.file_name}: {said.what} {said.help}", file=sys.stderr)
        for each in owner.problems.all()[:SHOWN]:
            words = said_of_row(each)
            place = str(PLACE) % {"line": each.line, "column": each.column or "–"}
            print(f"  {place}: {each.found!r} {words.what} {words.help}", file=sys.stderr)
        if others := owner.inspection.get("others"):
            print(str(SHEETS_LEFT) % {"names": ", ".join(others)}, file=sys.stderr)


def since_of(owner: "Import") -> dict[str, Any]:
    """What is different from the last run of the recipe."""
    return {
        "new": owner.created,
        "changed": owner.imported - owner.created,
        "unchanged": owner.duplicates,
        "missing": "–" if owner.missing is None else owner.missing,
    }


def refused(owner: "Import") -> bool:
    return owner.status != "done"


def ensure_workspace(language: str) -> None:
    """An import may be the first thing that happens in an installation."""
    from banso.base.models import Workspace

    Workspace.objects.get_or_create(id=1, defaults={"name": "Banso", "language": language})


def own_language() -> str:
    """Japanese where the terminal speaks it, else English."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    spoken = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return "ja" if spoken.startswith("ja") else "en"


@contextmanager
def progress(name: str) -> Iterator["Progress"]:
    """A bar on standard error when somebody is looking."""
    if not sys.stderr.isatty():
        yield lambda *_: True
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn(name), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        bar = bars.add_task(name, total=None)

        def watch(done: int, total: int) -> bool:
            bars.update(bar, completed=done, total=total)
            return True

        yield watch
