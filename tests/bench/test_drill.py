"""The drill in CI: six kills of each kind, ten nights, a full disk; and that it would see what it
looks for."""

import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from bench.drill import events
from bench.drill.disk import NO_DISK
from bench.drill.judge import Gone, Read, judged
from bench.drill.ledger import Ledger

ROOT = Path(__file__).parents[2]
LIGHT = ["--readers", "1", "--senders", "2", "--pause", "0.3"]


def drill(*words):
    command = [sys.executable, "-m", "bench.drill", "--seed", "7", *words]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=900
    )
    assert done.returncode == 0, f"{done.stdout[-6_000:]}\n{done.stderr[-6_000:]}"
    return done.stdout


@pytest.mark.slow
@pytest.mark.any_database
def test_six_kills_of_each_kind_lose_nothing_and_mislead_nobody():
    told = drill("--each", "6", "--nights", "0", "--without-disk", *LIGHT)
    rows = [line.split(" | ") for line in told.splitlines() if line.startswith("| ")]
    kinds = {row[0].removeprefix("| "): row[1] for row in rows}
    assert kinds.pop("all") == "30"
    for kind in ("ingest", "load", "rollup", "compaction", "erasure"):
        assert kinds[kind] == "6"


@pytest.mark.slow
@pytest.mark.any_database
def test_a_full_disk_makes_wait_and_loses_nothing():
    told = drill("--kills", "0", "--nights", "0", "--fullness", "1")
    assert NO_DISK in told or "all goes on after" in told


@pytest.mark.slow
@pytest.mark.any_database
def test_ten_nights_that_are_killed_give_what_one_would_have_given():
    told = drill("--kills", "0", "--without-disk", "--nights", "10")
    assert "10 kills" in told and "otherwise than one that nobody killed: 0." in told
    assert re.search(r" [1-9]\d* interventions .* [1-9]\d* messages and [1-9]\d* postings", told)


@pytest.fixture
def ledger():
    """A hundred events, sent at the seconds of their numbers and acknowledged half a second on."""
    made = Ledger()
    made.fresh(100, random.Random(1))
    made.sent = [float(number) for number in range(100)]
    made.acknowledged = [number + 0.5 for number in range(100)]
    return made


def files(began, numbers):
    bits = sum(1 << number for number in set(numbers))
    return Read("lake", began, began + 0.1, {"rows": len(numbers), "bits": f"{bits:x}"})


def snapshot(began, numbers, **wrong):
    told = {}
    for account in events.ACCOUNTS:
        mine = [n for n in numbers if events.account(n) == account]
        opens = sum(events.name(n) == "Open" for n in mine)
        works = len(mine) - opens
        told[account] = {"opens": opens, "openers": opens, "works": works, "hours": works} | wrong
    return Read("snapshot", began, began + 0.1, told)


def faults(ledger, *reads, gone=()):
    return [bool(read.fault) for read in judged(reads, ledger, gone)]


@pytest.mark.parametrize("read", [files, snapshot])
def test_an_answer_is_right_between_what_was_seen_and_what_was_sent(ledger, read):
    seen = files(50.0, range(40))
    assert faults(ledger, seen, read(60.0, range(40)), read(61.0, range(61))) == [False] * 3
    assert faults(ledger, seen, read(60.0, range(39))) == [False, True]
    assert faults(ledger, seen, read(60.0, range(62))) == [False, True]


def test_what_stands_twice_or_disagrees_with_itself_is_wrong(ledger):
    assert faults(ledger, files(50.0, [1, 2, 2])) == [True]
    assert faults(ledger, snapshot(50.0, range(40), openers=1)) == [True]
    parts = Read("explore", 50.0, 50.1, {"whole": 30.0, "parts": 29.0})
    assert faults(ledger, parts) == [True]
    value = {"account": "a0", "metric": "opens", "value": 3, "recomputed": 4, "events": 4}
    assert faults(ledger, Read("explain", 50.0, 50.1, value)) == [True]


def test_somebody_may_go_once_it_was_asked_and_must_be_gone_once_it_is_done(ledger):
    gone = [Gone(0b1111, asked=55.0, done=60.0)]
    seen, rest = files(50.0, range(40)), range(4, 40)
    assert faults(ledger, seen, files(54.0, rest), gone=gone) == [False, True]
    assert faults(ledger, seen, files(57.0, rest), files(58.0, rest), gone=gone) == [False] * 3
    assert faults(ledger, seen, files(61.0, rest), gone=gone) == [False] * 2
    assert faults(ledger, seen, files(61.0, range(40)), gone=gone) == [False, True]
