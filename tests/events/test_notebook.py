"""The example notebook reads a lake by its files alone: what it prints are our own numbers."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from banso.events.exporting import export_to
from banso.events.loading import load_all
from banso.events.models import Source
from tests.events.received import send, told

NOTEBOOK = Path(__file__).parents[2] / "docs" / "examples" / "lake.ipynb"
ENDING = "import sys; assert not any(name.split('.')[0] == 'banso' for name in sys.modules)"


def cells(kind):
    return [each for each in json.loads(NOTEBOOK.read_text())["cells"] if each["cell_type"] == kind]


def runnable():
    """The cells whose tool is there."""
    lacking = {name for name in ("polars", "pandas") if find_spec(name) is None}
    lacking |= {"sqlite"} if connection.vendor != "sqlite" else set()
    for cell in cells("code"):
        if not lacking & set(cell["metadata"].get("tags", [])):
            yield "".join(cell["source"])


@pytest.fixture
def lake(transactional_db, workspace, tmp_path):
    """Events of two weeks and two sources; the workbench as a file beside it."""
    web = Source.objects.create(key="web", name="Web app")
    app = Source.objects.create(key="app", name="Phone app")
    send(web, told(web.pk, "1", "2026-01-05T09:00+09:00", properties='{"plan":"pro"}'))
    send(web, told(web.pk, "2", "2026-01-06T09:00+09:00", person="P2", count=4))
    send(app, told(app.pk, "1", "2026-01-13T09:00+09:00", event="export", person=None))
    send(app, told(app.pk, "2", "2026-01-14T00:30+09:00"))
    load_all()
    assert export_to(tmp_path / "out") == 4
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(Path(settings.HOME) / "banso.sqlite3")) as copy:
            connection.connection.backup(copy)
    return tmp_path / "out"


def test_its_cells_run_as_they_stand_and_tell_the_same(lake, tmp_path):
    place = {"LAKE_EXPORT": str(lake), "BANSO_HOME": str(settings.HOME)}
    done = subprocess.run(
        [sys.executable, "-c", "\n".join([*runnable(), ENDING])],
        env={"PATH": os.environ["PATH"], **place},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows = [line.replace("│", " ").split() for line in done.stdout.splitlines()]
    assert ["login", "6", "3", "2", "2026-01-05", "2026-01-14"] in rows
    assert ["export", "1", "0", "1", "2026-01-13", "2026-01-13"] in rows
    assert ["Web", "app", "login", "plan", "1", "pro"] in rows
    assert ["2026-01-05", "2"] in rows and ["2026-01-12", "1"] in rows
    if connection.vendor == "sqlite":
        assert rows.count(["login", "6"]) == 1 and rows.count(["export", "1"]) == 1


def test_it_speaks_both_languages_and_keeps_no_output():
    for cell in cells("markdown"):
        text = "".join(cell["source"])
        assert text.startswith("#") or any("ぁ" <= letter <= "ん" for letter in text)
    prose = "".join("".join(cell["source"]) for cell in cells("markdown"))
    assert "any tool reads" in prose and "どのツールでも読める" in prose
    assert all(cell["outputs"] == [] for cell in cells("code"))
