"""Parts are put together without a row more or less; another zone gives other days."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from banso.base.models import Workspace
from banso.events import compacting, lake, manifest, parts
from banso.events.compacting import compact_all
from banso.events.loading import load_all
from banso.events.models import LakePart, RetiredFile, Source
from banso.events.rezone import rebuild_lake
from tests.events.received import held, on_disk, send, told

ROWS = "source, message, ts, day, account, person, event, count, properties, import_id, line"


@pytest.fixture
def source(workspace):
    return Source.objects.create(key="product", name="Product")


def days_back(number):
    return (timezone.now() - timedelta(days=number)).replace(microsecond=0).isoformat()


def arrive(source, *batches):
    for number, at in enumerate(batches):
        send(source, told(source.pk, f"m{number}", at, properties='{"a":1}'))
        load_all()


def test_a_day_that_is_over_and_quiet_becomes_one_part(source):
    arrive(source, *[days_back(1)] * 3)
    before = held(ROWS)
    assert LakePart.objects.count() == 3
    assert compact_all() == 0
    LakePart.objects.update(made_at=timezone.now() - timedelta(hours=2))
    old = lake.files(None, date.max)
    assert compact_all() == 3
    assert held(ROWS) == before
    part = LakePart.objects.get()
    assert (part.rows, part.weight, part.generation, part.origin) == (3, 3, 2, "received")
    assert all(path.is_file() for path in old)
    RetiredFile.objects.update(at=timezone.now() - timedelta(hours=1))
    assert parts.sweep() == 3
    assert on_disk() == set(lake.files(None, date.max))
    assert not RetiredFile.objects.exists()


def test_of_a_day_that_goes_on_many_small_parts_become_one(source):
    arrive(source, *[days_back(0)] * (compacting.MANY - 1))
    assert compact_all() == 0
    send(source, told(source.pk, "last", days_back(0)))
    load_all()
    assert compact_all() == compacting.MANY
    assert len(held()) == compacting.MANY


def test_the_days_of_a_month_that_is_over_become_one(source, monkeypatch):
    monkeypatch.setattr("banso.events.pieces.SETTLES", timedelta(days=9_999))
    arrive(source, "2026-03-01T00:00Z", "2026-03-02T00:00Z", "2026-04-02T00:00Z")
    monkeypatch.undo()
    LakePart.objects.update(made_at=timezone.now() - timedelta(hours=2))
    before = held(ROWS)
    assert compact_all(everything=True) == 2
    assert held(ROWS) == before
    spans = LakePart.objects.order_by("first_day").values_list("first_day", "last_day")
    assert (date(2026, 3, 1), date(2026, 3, 31)) in spans


def test_a_part_that_somebody_replaced_is_not_put_together_again(source):
    arrive(source, *[days_back(1)] * 2)
    some, files = list(LakePart.objects.all()), on_disk()
    assert compact_all(everything=True) == 2
    assert not compacting._merge(compacting.pieces()(some[0].first_day), some)
    assert len(held()) == 2
    assert len(on_disk()) == len(files) + 1


def test_another_zone_gives_received_events_other_days(source):
    arrive(source, "2026-03-31T15:30Z", "2026-03-31T14:30Z")
    assert [day.isoformat() for *_, day in held()] == ["2026-04-01", "2026-03-31"]
    Workspace.objects.update(timezone="UTC")
    rebuild_lake.call()
    assert {day.isoformat() for *_, day in held()} == {"2026-03-31"}
    assert set(LakePart.objects.values_list("zone", flat=True)) == {"UTC"}
    assert manifest.received(date(2026, 4, 1), date(2026, 4, 30)).count() == 0
