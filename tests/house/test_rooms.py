"""The shape of the house: who imports whom, how large things are, nothing missing."""

import ast
import os
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "banso"


def test_a_room_imports_only_rooms_before_it():
    code = "import sys; from importlinter.cli import lint_imports_command as c; c()"
    command = [sys.executable, "-c", code, "--no-cache"]
    answer = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
    )
    assert answer.returncode == 0, answer.stdout


def test_every_model_has_its_migration(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_setting_is_documented_in_both_languages():
    used = {
        name
        for path in SOURCE.rglob("*.py")
        for name in re.findall(r"\bBANSO_[A-Z_]+\b", path.read_text(encoding="utf-8"))
        if not name.endswith("_")
    }
    for page in ("docs/guides/settings.md", "docs/ja/guides/settings.md"):
        told = set(re.findall(r"\bBANSO_[A-Z_]+\b", (ROOT / page).read_text(encoding="utf-8")))
        assert used - told == set(), page
        assert told - used == set(), page


def test_every_method_page_has_its_twin():
    english = {path.name for path in (ROOT / "docs" / "methods").glob("*.md")}
    japanese = {path.name for path in (ROOT / "docs" / "ja" / "methods").glob("*.md")}
    assert english == japanese


def functions() -> list[tuple[str, int]]:
    found = []
    for path in SOURCE.rglob("*.py"):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                first = body[0].lineno if body else node.lineno
                lines = (node.end_lineno or first) - first + 2
                found.append((f"{path.relative_to(SOURCE)}:{node.name}", lines))
    return found


def test_functions_and_files_stay_within_the_budget():
    sizes = functions()
    lengths = sorted(lines for _, lines in sizes)
    assert max(sizes, key=lambda each: each[1])[1] <= 60, max(sizes, key=lambda each: each[1])
    assert statistics.median(lengths) <= 7
    assert lengths[len(lengths) * 9 // 10] <= 20
    files = {
        path: len(path.read_text(encoding="utf-8").splitlines())
        for path in SOURCE.rglob("*.py")
        if "migrations" not in path.parts
    }
    longest = max(files, key=lambda path: files[path])
    assert files[longest] <= 500, longest


def test_templates_are_short():
    lengths = [
        sum(1 for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
        for path in SOURCE.rglob("*.html")
    ]
    assert statistics.median(lengths) <= 25


@pytest.mark.parametrize(
    "pattern", [r"\bon\w+=\"", r"<script>", r"<style", r"javascript:", r"hx-on"]
)
def test_no_page_carries_inline_script_or_style(pattern):
    guilty = [
        path.relative_to(SOURCE)
        for path in SOURCE.rglob("templates/**/*.html")
        if "mail" not in path.parent.parts  # a mail has no stylesheet of ours to link to
        if re.search(pattern, path.read_text(encoding="utf-8"))
    ]
    assert guilty == []


def test_every_htmx_request_has_a_link_or_a_form_beneath():
    guilty = []
    for path in SOURCE.rglob("templates/**/*.html"):
        for tag in re.findall(r"<[a-z][^>]*\bhx-(?:get|post)=[^>]*>", path.read_text("utf-8")):
            if not re.search(r"\b(href|action|formaction|data-polls)=", tag):
                guilty.append(f"{path.relative_to(SOURCE)}: {tag[:80]}")
    assert guilty == []
