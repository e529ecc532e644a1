"""The loader: what was received is in the lake once, whatever order, batches and workers do."""

from datetime import UTC, date, datetime, timedelta
from itertools import batched
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banso.base.models import Workspace
from banso.events import lake, loading, manifest
from banso.events.inbox import ReceivedEvent
from banso.events.loading import lease, load_all
from banso.events.models import Inbox, LakePart, RetiredFile, SeenEvent, SeenProperty, Source
from tests.events.conftest import ACCOUNTS
from tests.events.received import held, on_disk, send, told


@pytest.fixture
def source(workspace):
    return Source.objects.create(key="product", name="Product")


def test_what_waits_becomes_a_part_of_its_local_day(source):
    send(source, told(source.pk, "m1", "2026-11-29T14:59:59+00:00", count=3, account=None))
    send(source, told(source.pk, "m2", "2026-11-29T15:00:00+00:00"))
    assert load_all() == 2
    assert not Inbox.objects.exists()
    assert held() == [(source.pk, "m1", date(2026, 11, 29)), (source.pk, "m2", date(2026, 11, 30))]
    parts = LakePart.objects.order_by("first_day").values_list(
        "origin", "first_event_on", "rows", "weight", "zone"
    )
    assert list(parts) == [
        ("received", date(2026, 11, 29), 1, 3, "Asia/Tokyo"),
        ("received", date(2026, 11, 30), 1, 1, "Asia/Tokyo"),
    ]
    assert on_disk() == set(lake.files(None, date.max))
    assert Workspace.objects.get().usage_connected


def test_the_same_message_counts_once_on_its_day_and_its_neighbours(source):
    send(
        source, told(source.pk, "m", "2026-11-10T00:00Z"), told(source.pk, "m", "2026-11-10T05:00Z")
    )
    load_all()
    for day in ("09", "11", "10"):
        send(source, told(source.pk, "m", f"2026-11-{day}T00:00Z"))
    send(source, told(source.pk, "m", "2026-11-12T00:00Z"))
    load_all()
    assert [day.day for _, _, day in held()] == [10, 12]
    other = Source.objects.create(key="other", name="Other")
    send(other, told(other.pk, "m", "2026-11-10T00:00Z"))
    load_all()
    assert len(held()) == 3


def test_a_batch_that_is_nobody_elses_is_taken_when_its_lease_ran_out(source):
    send(source, told(source.pk, "m", "2026-11-10T00:00Z"))
    dead = lease()
    assert dead is not None
    assert load_all() == 0
    Inbox.objects.update(leased_until=datetime(2020, 1, 1, tzinfo=UTC))
    assert load_all() == 1
    before = on_disk()
    with pytest.raises(manifest.Stale):
        loading._commit(dead, loading._write(dead.batches))
    assert len(held()) == 1
    assert before <= on_disk()


def test_of_two_loaders_that_hold_the_same_event_one_does_it_again(source, monkeypatch):
    send(
        source, told(source.pk, "m", "2026-11-10T00:00Z"), told(source.pk, "a", "2026-11-10T01:00Z")
    )
    first, write = lease(), loading._write
    send(
        source, told(source.pk, "m", "2026-11-10T00:00Z"), told(source.pk, "b", "2026-11-10T01:00Z")
    )
    written = write(first.batches)

    def overtaken(batches):
        aside = write(batches)
        if Inbox.objects.filter(worker=first.worker).exists():
            loading._commit(first, written)
        return aside

    monkeypatch.setattr(loading, "_write", overtaken)
    assert load_all() == 2
    assert [message for _, message, _ in held()] == ["a", "b", "m"]
    assert on_disk() == set(lake.files(None, date.max))


def test_what_an_import_holds_as_well_is_told_once_by_what_was_received(bring, source):
    bring("accounts", ACCOUNTS)
    rows = "event_id,occurred_at,account_id,event\n"
    rows += "m1,2026-02-05T10:00:00+09:00,C001,login\nm2,2026-02-05T11:00:00+09:00,C001,login\n"
    owner = bring("events", rows)
    assert owner.imported == 2
    send(owner.source, told(owner.source_id, "m1", "2026-02-05T01:00Z"))
    load_all()
    assert held("message, import_id is null") == [("m1", True), ("m2", False)]
    again = bring("events", rows.replace("m2", "m3"), name="again.csv")
    assert (again.imported, again.duplicates) == (1, 1)
    assert held("message, import_id is null") == [("m1", True), ("m2", False), ("m3", False)]


def test_names_and_properties_are_known_from_loading(source):
    said = ['{"plan":"大口","seats":3}', '{"seats":"4","on":true,"tags":[1],"none":null}']
    send(
        source,
        *(told(source.pk, f"m{i}", "2026-11-10T00:00Z", properties=p) for i, p in enumerate(said)),
    )
    send(source, told(source.pk, "m9", "2026-11-12T00:00Z", event="export"))
    load_all()
    send(source, told(source.pk, "m10", "2026-11-13T00:00Z", properties='{"plan":"小口"}'))
    load_all()
    events = SeenEvent.objects.order_by("name").values_list("name", "rows", "first_on", "last_on")
    assert list(events) == [
        ("export", 1, date(2026, 11, 12), date(2026, 11, 12)),
        ("login", 3, date(2026, 11, 10), date(2026, 11, 13)),
    ]
    found = {row.name: (row.kinds, row.values) for row in SeenProperty.objects.all()}
    assert found == {
        "plan": (["text"], ["大口", "小口"]),
        "seats": (["number", "text"], ["4"]),
        "on": (["boolean"], []),
        "tags": (["list"], []),
    }


def oracle(arrived, zone):
    """In the order of arrival: an event stays unless one of its id stays within a day of it."""
    kept = {}
    for message, moment in arrived:
        day = moment.astimezone(ZoneInfo(zone)).date()
        days = kept.setdefault(message, [])
        if all(abs((day - other).days) > 1 for other in days):
            days.append(day)
    return sorted((message, day) for message, days in kept.items() for day in days)


MOMENTS = st.one_of(
    st.timedeltas(timedelta(0), timedelta(4)).map(lambda d: datetime(2026, 3, 6, tzinfo=UTC) + d),
    st.timedeltas(timedelta(0), timedelta(4)).map(lambda d: datetime(2026, 10, 30, tzinfo=UTC) + d),
    st.sampled_from(
        [
            datetime(2026, 3, 7, 15, tzinfo=UTC),  # midnight in Tokyo
            datetime(2026, 3, 8, 5, tzinfo=UTC),  # midnight in New York, before clocks go forward
            datetime(2026, 3, 9, 4, tzinfo=UTC),  # and after
            datetime(2026, 11, 1, 5, 30, tzinfo=UTC),  # the hour that comes twice
            datetime(2026, 11, 1, 6, 30, tzinfo=UTC),
        ]
    ),
)
ARRIVED = st.lists(st.tuples(st.sampled_from("abcdefgh"), MOMENTS), min_size=1, max_size=30)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    arrived=ARRIVED,
    size=st.integers(1, 10),
    together=st.integers(1, 4),
    zone=st.sampled_from(["Asia/Tokyo", "America/New_York"]),
)
def test_any_order_splits_and_late_days_give_what_the_oracle_says(
    source, arrived, size, together, zone
):
    Workspace.objects.update(timezone=zone)
    for model in (LakePart, RetiredFile, Inbox):
        model.objects.all().delete()
    for number, batch in enumerate(batched(arrived, size, strict=False)):
        events = (
            ReceivedEvent(source.pk, message, at, "C001", None, "login", 1, "{}")
            for message, at in batch
        )
        send(source, *events)
        if number % together == 0:
            load_all()
    load_all()
    assert [(message, day) for _, message, day in held()] == oracle(arrived, zone)
    assert not Inbox.objects.exists()
    days = {day for *_, day in held()}
    for part in LakePart.objects.all():
        assert any(part.first_day <= day <= part.last_day for day in days)
        assert part.last_day - part.first_day <= timedelta(31)


def test_what_was_received_is_measured_from_the_day_its_account_is_known(bring, source):
    from banso.core.metrics import Count
    from banso.engine.measure import snapshot
    from banso.events.models import ExternalId

    bring("accounts", ACCOUNTS)
    known = ExternalId.objects.filter(kind="account").order_by("value").first()
    send(known.source, told(known.source_id, "m1", "2026-11-10T00:00Z", account=known.value))
    send(known.source, told(known.source_id, "m2", "2026-11-10T00:00Z", account="C999", count=2))
    load_all()
    definitions = {"logins": Count("login", 30)}
    day = date(2026, 11, 20)

    def values():
        files = lake.files(None, day)
        found = snapshot(definitions, files, lake.accounts(), as_of=day, zone="Asia/Tokyo")
        return {key: each["logins"] for key, each in found.items() if each["logins"]}

    key = str(known.engagement_id)
    assert values() == {key: 1}
    ExternalId.objects.create(
        source=known.source, kind="account", value="C999", engagement=known.engagement
    )
    assert values() == {key: 3}
