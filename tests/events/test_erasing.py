"""One person's events are taken out of the lake and do not come back, whatever else goes on."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from banso.base.jobs import run_all
from banso.base.models import Job
from banso.engagements.actions import add_engagement
from banso.engine.barred import digest_of, holding
from banso.engine.staged import StagedEvent, write_staged
from banso.events import compacting, erasing, lake, loading, manifest, parts, running
from banso.events.erasing import erase, find, ids_of
from banso.events.inbox import unpack
from banso.events.loading import load_all
from banso.events.models import (
    BarredId,
    Erasure,
    ExternalId,
    Import,
    Inbox,
    LakePart,
    RetiredFile,
    SeenEvent,
    SeenProperty,
    Source,
)
from banso.parties.actions import OrganizationCard, PersonCard, create_parties
from tests.events.conftest import ACCOUNTS
from tests.events.received import held, on_disk, send, told

PEOPLE = "person_id,account_id,name,email\nP1,C001,高橋 純,jun@example.com\nP2,C001,森 あい,\n"
EVENTS = (
    "event_id,occurred_at,account_id,person_id,event\n"
    "m1,2026-01-05T09:00:00+09:00,C001,P1,login\n"
    "m2,2026-01-05T09:00:00+09:00,C001,P2,login\n"
    "m3,2026-02-05T09:00:00+09:00,C001,P2,login\n"
    "m4,2026-03-05T09:00:00+09:00,C404,P1,login\n"
)


@pytest.fixture
def source(bring):
    bring("accounts", ACCOUNTS)
    bring("people", PEOPLE)
    return Source.objects.get(key="files")


def person_of(value):
    return ExternalId.objects.get(kind="person", value=value).party


def test_what_is_in_and_what_waits_goes_and_does_not_come_back(source, bring):
    owner = bring("events", EVENTS)
    assert (owner.imported, owner.on_hold) == (3, 1)
    day = "2026-04-05T00:00Z"
    send(source, told(source.pk, "r1", day), told(source.pk, "r2", day, person="P2"))
    load_all()
    send(source, told(source.pk, "r3", day), told(source.pk, "r4", day, person="P2"))
    send(source, told(source.pk, "r5", day))
    there = find(ids_of(person_of("P1")))
    assert (there.files, there.events, there.waiting) == (2, 2, 2)
    done = erase(person_of("P1"))
    assert (done.events, done.files, done.ids) == (4, 2, [])
    assert [row[1] for batch in Inbox.objects.all() for row in unpack(bytes(batch.blob))] == ["r4"]
    assert held("message, person") == [("m2", "P2"), ("m3", "P2"), ("r2", "P2")]
    owner.refresh_from_db()
    assert [row["cells"][3] for row in owner.inspection["rows"]] == ["P2", "P2"]
    send(source, told(source.pk, "r1", day), told(source.pk, "r6", day))
    load_all()
    again = bring("events", EVENTS, name="again.csv")
    assert (again.imported, again.duplicates, again.rejected, again.on_hold) == (0, 2, 2, 0)
    assert [(each.code, each.line) for each in again.problems.all()] == [("erased", 0)]
    assert held("message, person") == [("m2", "P2"), ("m3", "P2"), ("r2", "P2"), ("r4", "P2")]


BEGIN = datetime(2026, 1, 20, tzinfo=UTC)
WHO = (("P0", "anonymous:v0"), ("P1",), ("P2", "P2-old"))


def event(number):
    """The event of a number: who, when; sent again it is the same one."""
    names = WHO[number % 3]
    return names[number % len(names)], BEGIN + timedelta(days=number % 25, hours=number)


def received(source, numbers):
    events = [(f"m{each}", *event(each)) for each in numbers]
    send(source, *(told(source.pk, m, at.isoformat(), person=who) for m, who, at in events))


def imported(source, numbers):
    """An import as the worker carries it out, without the child that reads the file."""
    owner = Import.objects.create(
        kind="events", source=source, status="staging", file_name="e.csv", digest="", size=1,
        lines=len(numbers),
    )  # fmt: skip
    staged = running.Staged(running.work_folder(owner), {"bad": 0, "lines": len(numbers)})
    rows = (
        StagedEvent(source.pk, owner.pk, line, f"m{each}", at, "C001", who, "login", 1, {})
        for line, each in enumerate(numbers, 2)
        for who, at in [event(each)]
    )
    write_staged(rows, staged.events)
    (staged.folder / "problems").touch()
    running._apply(owner, staged, lambda *_: True)


class Held:
    """Work of another worker, begun and not yet committed."""

    def __init__(self):
        self.load = self.merge = None

    def begin(self):
        self.finish()
        if batch := loading.lease():
            self.load = batch, loading._write(batch.batches)
        some = list(LakePart.objects.filter(origin="received").order_by("first_day", "id")[:9])
        piece = compacting.pieces()
        if same := [each for each in some if piece(each.first_day) == piece(some[0].first_day)]:
            written = compacting.rewrite(
                manifest.paths(same), folder=lake.folder(), zone=lake.zone(),
                piece=lambda day: piece(same[0].first_day), out=manifest.new_file(),
            )  # fmt: skip
            self.merge = same, written

    def finish(self):
        try:
            if self.load:
                loading._commit(*self.load)
        except manifest.Stale:
            loading._discard(self.load[1])
            loading.release(self.load[0])
        try:
            if self.merge:
                compacting.replace(*self.merge)
        except manifest.Stale:
            pass
        self.load = self.merge = None


NUMBERS = st.lists(st.integers(0, 49), min_size=1, max_size=8, unique=True)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("received"), NUMBERS),
        st.tuples(st.just("imported"), NUMBERS),
        st.tuples(st.just("erase"), st.integers(0, 2)),
        st.tuples(st.sampled_from(["load", "begin", "finish", "compact"]), st.none()),
    ),
    min_size=3,
    max_size=12,
)


@pytest.fixture
def everybody(workspace):
    """A source with a customer C001, and three people of several names."""
    source = Source.objects.create(key="product", name="Product")
    [home] = create_parties([OrganizationCard("青空商事")])
    engagement = add_engagement(party=home, by=None)
    ExternalId.objects.create(source=source, kind="account", value="C001", engagement=engagement)
    people = create_parties([PersonCard(names[0]) for names in WHO])
    for party, names in zip(people, WHO, strict=True):
        for name in names:
            ExternalId.objects.create(source=source, kind="person", value=name, party=party)
    return source, people


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
@example(  # a loader that read them before they were barred
    [("received", [0, 1, 2]), ("begin", None), ("erase", 0), ("finish", None)]
)
@example(  # parts put together meanwhile
    [
        ("received", [0, 1, 25]),
        ("load", None),
        ("received", [26, 27, 2]),
        ("load", None),
        ("begin", None),
        ("erase", 0),
        ("finish", None),
    ]
)
def test_the_lake_is_what_it_is_without_the_person_in_any_order_of_things(everybody, steps):
    source, people = everybody
    for model in (LakePart, RetiredFile, Inbox, BarredId, Erasure, Import, Job):
        model.objects.all().delete()
    other, arrived, gone = Held(), set(), set()
    for step, what in [*steps, ("finish", None), ("load", None)]:
        if step in ("received", "imported"):
            {"received": received, "imported": imported}[step](source, what)
            arrived |= set(what)
        elif step == "erase":
            erase(people[what])
            gone |= {what}
        elif step == "compact":
            compacting.compact_all(everything=True)
        else:
            {"load": load_all, "begin": other.begin, "finish": other.finish}[step]()
    stays = sorted(f"m{each}" for each in arrived if each % 3 not in gone)
    assert [message for (message,) in held("message")] == stays
    assert not Inbox.objects.exists() and not Erasure.objects.filter(done_at=None).exists()
    theirs = [(source.pk, name) for who in gone for name in WHO[who]]
    kept = [*manifest.paths(LakePart.objects.all()), *map(parts.staged_path, parts.live())]
    assert not holding(kept, theirs)


class Killed(BaseException):
    """The process is gone; nothing of ours catches it."""


@pytest.mark.parametrize(
    "where", ["out_of_inbox", "write_anew", "put_in_place", "out_of_staged", "_close"]
)
def test_killed_anywhere_a_worker_goes_on_and_readers_see_all_or_nothing(
    everybody, monkeypatch, where
):
    source, people = everybody
    imported(source, [0, 1, 2, 6])
    received(source, [3, 4, 5, 9])
    load_all()
    received(source, [12, 13])
    before = held("message")

    def die(*_, **__):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(erasing, where, die)
        with pytest.raises(Killed):
            erase(people[0])
    theirs = {(f"m{each}",) for each in (0, 3, 6, 9)}
    assert held("message") in (before, [each for each in before if each not in theirs])
    assert BarredId.objects.filter(digest=digest_of(source.pk, "P0")).exists()
    Job.objects.filter(status="running").update(attempts=3, leased_until=timezone.now())
    run_all()
    erasing.go_on()
    run_all()
    load_all()
    done = Erasure.objects.get()
    assert (done.events, done.ids, done.done_at is None) == (5, [], False)
    assert held("message") == [(f"m{each}",) for each in (1, 13, 2, 4, 5)]
    RetiredFile.objects.update(at=timezone.now() - timedelta(hours=1))
    monkeypatch.setattr(manifest, "GRACE", -1)
    parts.sweep()
    names = [(source.pk, name) for name in WHO[0]]
    assert on_disk() == set(manifest.paths(LakePart.objects.all()))
    assert not holding([*on_disk(), *map(parts.staged_path, parts.live())], names)


def test_what_was_seen_of_somebody_is_forgotten(everybody):
    source, people = everybody
    said = {"m1": ("P0", '{"mail":"a@example.jp","plan":"x"}'), "m2": ("P1", '{"plan":"y","n":1}')}
    day = "2026-04-05T00:00Z"
    for message, (person, text) in said.items():
        send(source, told(source.pk, message, day, person=person, properties=text))
    send(source, told(source.pk, "m3", day, person="anonymous:v0", event="secret"))
    load_all()
    erase(people[0])
    assert list(SeenEvent.objects.values_list("name", "rows")) == [("login", 1)]
    found = dict(SeenProperty.objects.values_list("name", "values"))
    assert found == {"mail": [], "plan": ["y"], "n": []}
