"""The commands as a newcomer types them: real processes, an empty home, no worker by hand."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from bench import template

SOURCE = Path(__file__).parents[2] / "src"
pytestmark = [pytest.mark.slow]


@pytest.fixture
def banso(tmp_path):
    """banso("import", "--accounts", path): the finished process, in a home of its own."""
    environment = os.environ | {"BANSO_HOME": str(tmp_path / "home"), "PYTHONPATH": str(SOURCE)}
    environment.pop("BANSO_DATABASE_URL", None)

    def run(*words, start=False):
        command = [sys.executable, "-m", "banso", *map(str, words)]
        options = {"env": environment, "text": True, "cwd": tmp_path}
        if start:
            return subprocess.Popen(command, stdout=subprocess.PIPE, **options)
        return subprocess.run(command, capture_output=True, check=False, timeout=900, **options)

    return run


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_the_demo_makes_a_company_and_shows_the_way_in(banso):
    words = ("demo", "--check", "--customers", 40, "--port", free_port())
    first = banso(*words)

    assert first.returncode == 0, first.stderr
    assert re.search(r"http://127\.0\.0\.1:\d+/", first.stdout)
    assert "success_manager" in first.stdout
    assert "password" in first.stdout
    again = banso(*words)
    assert again.returncode == 0
    assert "Making" not in again.stdout
    ranked = json.loads(banso("today", "--format", "json", "--limit", 5).stdout)
    assert ranked


def test_a_company_too_small_to_show_is_refused_in_a_line(banso):
    refused = banso("demo", "--check", "--customers", 3)
    assert refused.returncode == 2
    assert refused.stderr.strip() == "banso demo: a company needs at least 40 customers"


def test_the_demo_leaves_a_real_company_alone(banso, tmp_path):
    template.begin(tmp_path / "home")
    accounts = tmp_path / "accounts.csv"
    accounts.write_text("account_id,name\nA1,Acme\n", encoding="utf-8")
    assert banso("import", "--accounts", accounts).returncode == 0

    refused = banso("demo", "--check", "--port", free_port())

    assert refused.returncode == 2
    assert "real company" in refused.stderr


def test_an_import_into_an_empty_home_answers_in_numbers_that_add_up(banso, tmp_path):
    template.begin(tmp_path / "home")
    accounts = tmp_path / "accounts.csv"
    accounts.write_text("account_id,name\nA1,Acme\nA1,Acme\nA2,Umbrella\n", encoding="utf-8")

    answer = banso("import", "--accounts", accounts, "--format", "json")

    counts = json.loads(answer.stdout)["accounts"]
    assert counts["lines"] == 3
    parts = ("imported", "rejected", "on_hold", "duplicates", "conflicts")
    assert sum(counts[name] for name in parts) == 3
    assert (counts["imported"], counts["duplicates"]) == (2, 1)


def test_serve_prints_a_set_up_link_that_opens_and_stops_when_told(banso):
    port = free_port()
    process = banso("serve", "--port", port, "--workers", 1, start=True)
    try:
        link = re.search(r"http://\S+", process.stdout.readline()).group()
        assert wait_for(link) == 200
        bare = link.partition("?")[0]
        with pytest.raises(urllib.error.HTTPError) as locked:
            urllib.request.urlopen(bare, timeout=10)
        assert locked.value.code == 403
        locked.value.close()
    finally:
        process.terminate()
        process.communicate(timeout=120)
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(bare, timeout=10)


def wait_for(url: str) -> int:
    for _ in range(1200):
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.status
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError("the server did not come up")


def test_the_doctor_finds_an_upgrade_that_waits(banso):
    answer = banso("doctor", "--format", "json")

    states = {each["what"]: each["state"] for each in json.loads(answer.stdout)}
    assert states["database"] == "error"
    assert answer.returncode == 1


def test_a_wrong_database_address_is_one_line(banso, monkeypatch, tmp_path):
    command = [sys.executable, "-m", "banso", "doctor"]
    environment = os.environ | {
        "BANSO_HOME": str(tmp_path),
        "PYTHONPATH": str(SOURCE),
        "BANSO_DATABASE_URL": "mysql://localhost/x",
    }
    answer = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)

    assert answer.returncode == 1
    assert answer.stderr.strip() == "banso: BANSO_DATABASE_URL must begin with postgresql://"
