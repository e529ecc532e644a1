"""`banso import` as a program: an empty home, files, counts that add up."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from bench import template
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import banso
from tests.events.conftest import ACCOUNTS, CONTRACTS, EVENTS, PEOPLE
from tests.shared import shared

COUNTS = ("lines", "imported", "rejected", "on_hold", "duplicates", "conflicts")


def run(home, *words, language="en"):
    """The finished program; databases of the test run are not its own."""
    if not Path(home, "banso.sqlite3").exists():
        template.begin(Path(home))
    env = {k: v for k, v in os.environ.items() if not k.startswith("BANSO_")}
    env |= {"BANSO_HOME": str(home), "PYTHONPATH": str(Path(banso.__file__).parents[1])}
    command = [sys.executable, "-m", "banso", "import", *map(str, words), "--language", language]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def adds_up(counts):
    return counts["lines"] == sum(counts[name] for name in COUNTS[1:])


@pytest.fixture
def folder(tmp_path):
    for name, content in [
        ("accounts", ACCOUNTS),
        ("people", PEOPLE),
        ("contracts", CONTRACTS),
        ("events", EVENTS),
    ]:
        (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
    return tmp_path


@pytest.mark.any_database
def test_an_empty_home_takes_a_companys_files(folder):
    kinds = ("accounts", "people", "contracts", "events")
    words = [word for kind in kinds for word in (f"--{kind}", folder / f"{kind}.csv")]
    done = run(folder / "home", *words, "--format", "json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {kind: tuple(found[kind].values()) for kind in kinds} == {
        "accounts": (2, 2, 0, 0, 0, 0),
        "people": (2, 1, 0, 1, 0, 0),
        "contracts": (2, 2, 0, 0, 0, 0),
        "events": (5, 2, 0, 1, 1, 1),
    }


@pytest.mark.any_database
def test_a_refused_file_says_why_in_the_users_language(folder):
    bad = folder / "bad.csv"
    bad.write_text(
        CONTRACTS.replace("¥", "") + "K9,C001,いつか,2026-09-30,1,1,\n", encoding="cp932"
    )
    words = ("--accounts", folder / "accounts.csv", "--contracts", bad)
    done = run(folder / "home", *words, "--format", "json")
    assert done.returncode == 1
    counts = json.loads(done.stdout)["contracts"]
    assert (counts["rejected"], counts["refused"]) == (3, True)
    [problem] = counts["problems"]
    assert (problem["line"], problem["column"], problem["found"]) == (4, "契約開始日", "いつか")
    told = run(folder / "home", "--contracts", bad, language="ja")
    assert told.returncode == 1
    assert "契約" in told.stdout
    assert "4行目「契約開始日」" in told.stderr
    assert "いつか" in told.stderr
    taken = run(folder / "home", "--contracts", bad, "--skip-bad", "--format", "json")
    assert (taken.returncode, json.loads(taken.stdout)["contracts"]["imported"]) == (0, 2)


@pytest.mark.any_database
def test_no_file_and_an_absent_file_are_two(tmp_path):
    assert run(tmp_path).returncode == 2
    assert run(tmp_path, "--accounts", tmp_path / "absent.csv").returncode == 2


@pytest.mark.any_database
def test_the_real_companys_files_come_in_whole(tmp_path):
    data = shared("data/openstack")
    files = {"accounts": "accounts.csv", "people": "people.csv", "contracts": "contracts.csv"}
    words = [w for kind, name in files.items() for w in (f"--{kind}", data / name)]
    words += ["--events", data / "events.parquet", "--format", "json"]
    done = run(tmp_path / "home", *words)
    assert done.returncode == 0, done.stderr
    lines = {kind: counts["lines"] for kind, counts in json.loads(done.stdout).items()}
    assert lines == {"accounts": 1345, "people": 3457, "contracts": 3738, "events": 137912}
    assert all(c["imported"] == c["lines"] for c in json.loads(done.stdout).values())


IDS = st.sampled_from(["A", "B", "C", "D", ""])
ROW = st.tuples(IDS, IDS, st.sampled_from(["2026-01-01", "2026-02-01", "nonsense", ""]))


@pytest.mark.django_db(transaction=True)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(ROW, min_size=1, max_size=12), st.booleans(), st.sampled_from(["people", "events"]))
def test_the_counts_always_add_up(tmp_path, rows, skip_bad, kind):
    import argparse

    from banso.cli.commands.imports import bring_in, ensure_workspace, result

    ensure_workspace("en")
    number = random.randrange(10**9)
    accounts, other = tmp_path / f"a{number}.csv", tmp_path / f"o{number}.csv"
    accounts.write_text("account_id,name\nA,One\nB,Two\n")
    head = (
        "account_id,person_id,first_seen,name\n"
        if kind == "people"
        else ("account_id,event,occurred_at,name\n")
    )
    other.write_text(head + "".join(f"{a},{b},{day},x\n" for a, b, day in rows))
    options = argparse.Namespace(sheet=None, skip_bad=skip_bad, source=None)
    found = result([bring_in("accounts", accounts, options), bring_in(kind, other, options)])
    assert found[kind]["lines"] == len(rows)
    assert all(adds_up(counts) for counts in found.values())
    assert ("refused" in found[kind]) == (not skip_bad and found[kind]["rejected"] > 0)
