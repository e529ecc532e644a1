"""`banso measure` on this machine and on a cluster: the same numbers are kept."""

import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bench import template

SOURCE = Path(__file__).parents[2] / "src"
VALUES = "select engagement_id, metric_id, value from metrics_latestvalue order by 1, 2"


@pytest.fixture
def banso(tmp_path):
    template.begin(tmp_path / "home")
    environment = os.environ | {"BANSO_HOME": str(tmp_path / "home"), "PYTHONPATH": str(SOURCE)}
    environment.pop("BANSO_DATABASE_URL", None)

    def run(*words):
        command = [sys.executable, "-m", "banso", *map(str, words)]
        return subprocess.run(
            command, env=environment, text=True, capture_output=True, check=False, timeout=300
        )

    return run


@pytest.fixture
def company(banso, tmp_path):
    """Two customers, of whom one uses the product; the command."""
    accounts, events = tmp_path / "accounts.csv", tmp_path / "events.csv"
    accounts.write_text("account_id,name\nA1,Acme\nA2,Umbrella\n", encoding="utf-8")
    today = datetime.now(UTC).date()
    days = [today - timedelta(days=back) for back in range(1, 40, 3)]
    told = "".join(f"{day}T09:00,A1,{('login', 'export')[day.day % 2]},p1\n" for day in days)
    events.write_text(f"time,account_id,event,person\n{told}", encoding="utf-8")
    brought = banso("import", "--accounts", accounts, "--events", events)
    assert brought.returncode == 0, brought.stderr
    return banso


@pytest.fixture
def kept(tmp_path):
    """Takes the latest values out of the workbench: the next round has to write them anew."""

    def take():
        with sqlite3.connect(tmp_path / "home" / "banso.sqlite3") as database:
            found = database.execute(VALUES).fetchall()
            database.execute("delete from metrics_latestvalue")
        database.close()
        return found

    return take


@pytest.mark.spark
@pytest.mark.slow
def test_a_cluster_keeps_the_numbers_this_machine_keeps(company, kept, spark_master):
    assert company("measure").returncode == 0
    here = kept()
    answer = company("measure", "--engine", "spark", "--master", spark_master)

    assert answer.returncode == 0, answer.stderr
    assert "of 2 customers measured" in answer.stdout
    assert kept() == here
    assert any(value for *_, value in here)


@pytest.mark.spark
@pytest.mark.slow
def test_a_cluster_that_is_none_is_one_line(banso, spark_master):
    del spark_master  # it needs Spark itself
    answer = banso("measure", "--engine", "spark", "--master", "nowhere")

    assert answer.returncode == 2
    assert "nowhere" in answer.stderr.splitlines()[-1]
