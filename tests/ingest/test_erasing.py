"""What an erased person's product sends afterwards, and what sources kept of them."""

import pytest

from banso.base.jobs import run_all
from banso.base.models import Workspace
from banso.events.erasing import erase
from banso.events.loading import load_all
from banso.events.models import Erasure, ExternalId, Inbox
from banso.ingest.access import Hidden
from banso.ingest.models import Receipt, Subject, Telling, Tie, Trouble
from banso.ingest.pages import last_seen
from banso.ingest.rounds import catch_up
from banso.ingest.wording import REFUSED
from tests.events.received import held
from tests.ingest.conftest import kept, track
from tests.ingest.test_identities import YAMADA, group, identify, rules, tell


@pytest.fixture
def made(product):
    """A customer and a person that the product told of."""
    rules(product.source)
    tell(product, group(name="青空商事"), identify(**YAMADA))
    return product


def view(visitor):
    return {"type": "page", "anonymousId": visitor, "name": "Home"}


def people():
    return {person for (person,) in held("person", "person is not null")}


def test_the_visitors_somebody_was_go_too(made):
    made.send(view("v-1"), view("v-2"), track(user="u-1"), track(user="u-2"))
    tell(made, identify(anonymous="v-1", **YAMADA))
    load_all()
    made.send({"type": "track", "userId": "u-1"})
    assert people() == {"anonymous:v-1", "anonymous:v-2", "u-1", "u-2"}
    erase(ExternalId.objects.get(value="u-1").party)
    assert people() == {"anonymous:v-2", "u-2"}
    assert not Subject.objects.filter(value="u-1").exists() and not Tie.objects.exists()
    lines = last_seen(made.source, Hidden())
    assert {each.line.person for each in lines} == {"", "anonymous:v-2", "u-2"}
    assert not any("u-1" in each.line.sample for each in lines)
    assert not any("u-1" in sample for sample in Trouble.objects.values_list("sample", flat=True))


def test_what_comes_later_is_refused_with_its_reason(made):
    erase(ExternalId.objects.get(value="u-1").party)
    assert made.send(track(user="u-1"), track(user="u-2")).status_code == 200
    assert [row[4] for row in kept()] == ["u-2"]
    answer = made.send(track(user="u-1"))
    assert (answer.status_code, answer.json()["code"]) == (400, "erased")
    refused = last_seen(made.source, Hidden())[0]
    assert (refused.line.code, refused.line.person, refused.line.sample) == ("erased", "", "")
    assert refused.why == REFUSED["erased"]
    tell(made, track(user="u-2"), group(user="u-1"), identify(**YAMADA))
    assert not Subject.objects.filter(value="u-1").exists()


def test_a_visitor_who_turns_out_to_be_an_erased_person_goes_as_well(made):
    erase(ExternalId.objects.get(value="u-1").party)
    made.send(view("v-3"), view("v-4"), track(user="u-2", anonymousId="v-4"))
    tell(made, identify(user="u-2", anonymous="v-4"))
    load_all()
    made.send(identify(anonymous="v-3"), track(user="u-1", anonymousId="v-4"), track(user="u-2"))
    run_all()
    load_all()
    assert people() == {"anonymous:v-4", "u-2"}
    assert Erasure.objects.filter(done_at=None).count() == 0
    made.send(view("v-3"))
    assert not kept()


def test_what_waits_to_be_settled_is_not(made):
    made.send(identify(**YAMADA), identify(user="u-2", name="森 あい"))
    assert Telling.objects.count() == 1
    erase(ExternalId.objects.get(value="u-1").party)
    while catch_up():
        pass
    assert set(Subject.objects.filter(kind="person").values_list("value", flat=True)) == {"u-2"}
    assert Receipt.objects.exists()


def test_an_event_older_than_events_are_kept_is_refused_with_its_reason(product):
    product.send(track("Old", timestamp="2024-01-05T00:00:00Z"))
    Workspace.objects.update(event_months=12)
    old = track("Old", timestamp="2024-01-05T00:00:00Z", user="u-9")
    known = identify(user="u-9", name="森 あい") | {"timestamp": "2024-01-05T00:00:00Z"}
    assert product.send(old, track("New"), known).status_code == 200
    assert [row[5] for row in kept()] == ["Old", "New"]
    refused = [each.line for each in last_seen(product.source, Hidden()) if each.line.code]
    assert [(each.code, each.field) for each in refused] == [("not_kept", "timestamp")]
    load_all()
    assert held("event") == [("New",)]


def test_a_batch_that_was_set_aside_and_what_is_kept_are_told(product, sign_in, staff):
    product.send(track("A"), track("B"))
    Inbox.objects.update(is_aside=True, tries=3, error="InvalidInputException")
    Workspace.objects.update(event_months=12)
    client = sign_in(staff("admin", language="en"))
    text = client.get(f"/sources/{product.source.key}/").text
    assert "Batches set aside: 1, events in them: 2 (InvalidInputException)." in text
    assert "older ones are refused" in client.get("/sources/").text
