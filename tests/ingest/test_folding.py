"""Requests become counts and troubles, and only the latest are kept."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from banso.ingest import folding
from banso.ingest.folding import fold
from banso.ingest.models import Receipt, SourceMinute, Trouble
from tests.ingest.conftest import track


def test_minutes_and_troubles_add_up(product):
    with time_machine.travel("2026-11-30T09:00:10Z", tick=False) as clock:
        product.send(track(), track(timestamp="yesterday"), track(timestamp="tomorrow"))
        product.send(track())
        clock.shift(timedelta(minutes=1))
        product.send(track(), track(event=" "))
        product.post(b"not json")
        assert fold() == 4 and fold() == 0
    minutes = SourceMinute.objects.order_by("minute").values_list("taken", "refused")
    assert list(minutes) == [(2, 2), (1, 1)]
    found = Trouble.objects.order_by("code").values_list("code", "field", "times")
    assert list(found) == [
        ("bad_time", "timestamp", 2),
        ("no_event", "event", 1),
        ("not_json", "", 1),
    ]
    assert "yesterday" in Trouble.objects.get(code="bad_time").sample


def test_only_the_latest_receipts_stay(product, monkeypatch):
    monkeypatch.setattr(folding, "KEPT", 3)
    for _ in range(5):
        product.send(track())
    latest = list(Receipt.objects.order_by("-id").values_list("id", flat=True)[:3])
    fold()
    assert sorted(Receipt.objects.values_list("id", flat=True)) == sorted(latest)
    assert sum(SourceMinute.objects.values_list("taken", flat=True)) == 5


def test_what_a_refusal_last_looked_like_is_shown(product):
    product.send(track(timestamp="first"))
    product.send(track(timestamp="second"))
    fold()
    trouble = Trouble.objects.get()
    assert (trouble.times, "second" in trouble.sample) == (2, True)
    assert trouble.first_at <= trouble.last_at <= timezone.now()
