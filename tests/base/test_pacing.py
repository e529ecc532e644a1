import os
import subprocess
import sys
from contextlib import contextmanager

import pytest

from banso.base import pacing
from banso.base.pacing import paced

STEP_BACK = (
    "import django, os; django.setup()\n"
    "from banso.base.pacing import step_back\n"
    "step_back(); step_back(); print(os.nice(0))"
)


def test_background_work_yields_the_processor_once_and_as_far_as_set(tmp_path):
    before = os.nice(0)
    for wanted in (0, before, min(before + 3, 19)):
        given = {"BANSO_HOME": str(tmp_path), "BANSO_NICE": str(wanted)}
        given |= {"DJANGO_SETTINGS_MODULE": "banso.config.settings"}
        command = [sys.executable, "-c", STEP_BACK]
        said = subprocess.run(command, env=os.environ | given, capture_output=True, check=True)
        assert int(said.stdout) == max(before, wanted)


def test_a_single_chunk_is_not_followed_by_a_rest(monkeypatch):
    rests = []
    monkeypatch.setattr("banso.base.pacing.give_way", rests.append)
    assert list(paced([1, 2, 3])) == [[1, 2, 3]]
    assert rests == []
    assert sum(map(len, paced(range(250), most=100))) == 250
    assert len(rests) == 2


@pytest.mark.parametrize(
    ("behind", "said"),
    [(True, ["in", "write", "rest", "out", "in", "write", "out"]), (False, ["write"] * 2)],
)
def test_who_has_stepped_back_writes_and_rests_in_its_turn(monkeypatch, tmp_path, behind, said):
    seen = []

    @contextmanager
    def turn(path):
        assert path == tmp_path / "background.lock"
        seen.append("in")
        yield
        seen.append("out")

    monkeypatch.setattr(pacing, "turn", turn)
    monkeypatch.setattr(pacing, "_behind", {os.getpid()} if behind else set())
    monkeypatch.setattr(pacing, "give_way", lambda took: behind and seen.append("rest"))
    for _ in paced(range(150), most=100):
        seen.append("write")
    assert seen == said
