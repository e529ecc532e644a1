"""The bench of ingestion, small: every acknowledged event is kept once, whatever it took."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SMALL = ["--clients", "4", "--batches", "3", "--rounds", "1"]

pytestmark = [pytest.mark.slow]


def test_what_a_server_acknowledges_is_kept_once() -> None:
    command = [sys.executable, "-m", "bench.ingestion", *SMALL]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.stderr == ""
    assert "2,400 events were acknowledged, each of them kept once" in run.stdout
    assert run.stdout.count("| plain: ") == run.stdout.count("| gzip: ") == 3
