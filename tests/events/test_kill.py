"""A worker killed inside a transaction: the next one goes on, and the counts are exact."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from bench import template
from django.db import connection

SOURCE = Path(__file__).parents[2] / "src"
ROWS = 600
pytestmark = [pytest.mark.slow]

BEGIN = """
from pathlib import Path
from banso.base.models import Workspace
from banso.events.actions import begin_local, run_import
Workspace.objects.create(id=1, name="x")
owner = begin_local(path=Path(sys.argv[1]), kind="accounts", sheet="", skip_bad=True)
run_import.enqueue(import_id=owner.pk)
"""
KILLED = """
import os
from banso.base import jobs, pacing
from banso.base.models import Job
from banso.events.batch import Batch
write, left = Batch.write, [int(sys.argv[1])]
def deadly(batch):
    write(batch)
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), 9)
Batch.write = deadly
pacing.FIRST = pacing.FEWEST = 50
Job.objects.filter(status="running").update(leased_until="2020-01-01T00:00Z")
jobs.run_one()
"""
TELL = """
import json
from banso.base.jobs import run_all
from banso.base.models import Job, SearchRow
from banso.engagements.models import Engagement
from banso.events.models import ExternalId, Import, ImportChange
if "go" in sys.argv:
    Job.objects.filter(status="running").update(leased_until="2020-01-01T00:00Z")
    run_all()
names = ("status", "lines", "applied", "imported", "created", "rejected", "duplicates", "conflicts")
found = Import.objects.values(*names).get()
found["customers"] = Engagement.objects.count()
found["ids"] = ExternalId.objects.count()
found["made"] = ImportChange.objects.filter(table="engagement").count()
found["findable"] = SearchRow.objects.filter(kind="engagement").count()
print(json.dumps(found))
"""


@pytest.fixture
def installation(tmp_path, request):
    """script(text, *words): runs in an installation of its own, on the database under test."""
    environment = os.environ | {
        "BANSO_HOME": str(tmp_path / "home"),
        "PYTHONPATH": str(SOURCE),
        "DJANGO_SETTINGS_MODULE": "banso.config.settings",
    }
    environment.pop("BANSO_DATABASE_URL", None)
    if connection.vendor == "postgresql":
        environment["BANSO_DATABASE_URL"] = own_database(request)
    else:
        template.begin(tmp_path / "home")

    def script(text, *words):
        code = f"import sys, django\ndjango.setup()\n{text}"
        command = [sys.executable, "-c", code, *map(str, words)]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, timeout=900
        )

    return script


def own_database(request) -> str:
    import psycopg

    template.of_postgresql(os.environ["BANSO_DATABASE_URL"])
    host, name = os.environ["BANSO_DATABASE_URL"].split("host=")[1], f"killed_{os.getpid()}"
    with psycopg.connect(f"user=banso dbname=postgres host={host}", autocommit=True) as server:
        server.execute(f"drop database if exists {name}")
        server.execute(f"create database {name} template banso_template")
    return f"postgresql://banso@/{name}?host={host}"


def told(installation, *words):
    answer = installation(TELL, *words)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout.splitlines()[-1])


def test_killed_twice_inside_a_transaction_nothing_is_lost_and_nothing_counts_twice(
    installation, tmp_path
):
    path = tmp_path / "accounts.csv"
    rows = [f"N{i},会社{i}\n" for i in range(ROWS)]
    rows[150:150] = ["N3,会社3\n", "N4,別の名前\n", "N5,会社5,余り\n"]
    path.write_text("account_id,name\n" + "".join(rows), encoding="utf-8")
    assert installation(BEGIN, path).returncode == 0
    seen = 0
    for writes in (2, 3):
        assert installation(KILLED, writes).returncode == -signal.SIGKILL
        state = told(installation)
        assert state["status"] == "applying"
        assert seen < state["applied"] < ROWS
        assert state["customers"] == state["ids"] == state["made"] == state["created"]
        seen = state["applied"]
    end = told(installation, "go")
    parts = ("imported", "rejected", "duplicates", "conflicts")
    assert (end["status"], end["lines"]) == ("done", ROWS + 3)
    assert [end[name] for name in parts] == [ROWS, 1, 1, 1]
    assert {end["customers"], end["ids"], end["made"], end["findable"]} == {ROWS}
