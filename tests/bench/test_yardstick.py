"""The bench at a thousandth of its size: that all sides measure the same, not how fast."""

from pathlib import Path

import pytest
from bench import measurements, yardstick
from bench.by_hand import with_pandas
from bench.target import Line

from tests.shared import shared

pytestmark = [pytest.mark.slow]


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> yardstick.Lake:
    monkeypatch.setattr(yardstick, "SHARED", shared("yardstick").parent)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return yardstick.lake(0.001)


def test_all_sides_measure_the_same(told: yardstick.Lake) -> None:
    rolled = told.rolled(told.parts())
    hand = yardstick.by_hand(told)
    assert len(hand) == len(told.seats) == 10
    for how in ({}, rolled):
        assert yardstick.differences(yardstick.ours(told, how), hand) == []
    measurements.check(told, rolled)
    parts = told.parts(yardstick.AS_OF.replace(month=4, day=1))
    frame = with_pandas(parts, told.seats, yardstick.AS_OF)
    assert list(frame["events_28"]) == [hand[account]["events_28"] for account in frame.index]
    assert measurements.history_line(told, rolled).what.startswith("52 weekly snapshots")


def test_a_target_that_is_missed_is_printed_in_bold() -> None:
    assert Line("a", 0.3, 0.25).row == "| a | **0.30** | ≤ 0.25 |  |"
    assert Line("b", 12.5, 10, least=True).row == "| b | 12.50 | ≥ 10 |  |"
    assert Line("c", 181, 512, " MB", note="x").row == "| c | 181 MB | ≤ 512 MB | x |"
    assert not Line("d", 5).missed
