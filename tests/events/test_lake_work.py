"""The worker's part in the lake: loading first, but never only loading."""

import pytest

from banso.events import compacting, lake_work
from banso.events.models import Inbox, LakePart, Source
from tests.events.received import send, told

AT = "2026-11-10T00:00Z"


@pytest.fixture
def source(workspace, monkeypatch):
    for clock in ("_resting", "_tidy"):
        monkeypatch.setattr(lake_work, clock, [0.0])
    return Source.objects.create(key="product", name="Product")


def test_parts_are_put_together_although_something_always_waits(source, monkeypatch):
    monkeypatch.setattr(lake_work, "TIDY", 0.0)
    for number in range(compacting.MANY + 1):
        send(source, told(source.pk, f"m{number}", AT))
        assert lake_work.load_due()
    assert LakePart.objects.count() <= 2
    assert not Inbox.objects.exists()


def test_a_load_that_fails_is_tried_again_after_a_rest(source, monkeypatch):
    send(source, told(source.pk, "m", AT))
    load = lake_work.load_some

    def full():
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(lake_work, "load_some", full)
    assert not lake_work.load_due()
    monkeypatch.setattr(lake_work, "load_some", load)
    assert not lake_work.load_due() and Inbox.objects.exists()
    lake_work._resting[0] = 0.0
    assert lake_work.load_due() and not Inbox.objects.exists()
