"""The pages of events: what is known of each wherever it came from, said, hidden, made a metric."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from banso.base.activity import record, seal
from banso.base.models import Role
from banso.base.workspace import local_today
from banso.core.metrics import Count
from banso.core.personal import is_personal
from banso.engagements.actions import restrict
from banso.events.acts import drain_acts
from banso.events.inbox import ReceivedEvent
from banso.events.loading import load_all
from banso.events.models import EventNote, ExternalId, Source
from banso.explore.dictionary import uid_of
from banso.metrics.models import Metric
from banso.metrics.starter import event_names
from banso.metrics.values import definitions
from tests.engagements.making import make_customer
from tests.events.conftest import bring
from tests.events.received import send

EVENTS = reverse("events")
__all__ = ["bring"]


def page_of(name, stream="events"):
    return reverse("event", args=[uid_of(stream, name)])


@pytest.fixture
def manager(staff):
    return staff(Role.MANAGER, language="en")


@pytest.fixture
def browser(manager, sign_in):
    return sign_in(manager)


@pytest.fixture
def product(workspace):
    return Source.objects.create(key="product", name="Our product")


def told(product, name, *all_properties, account="a-1", back=1):
    """Events of some days ago, one for each of these properties."""
    at = datetime.now(UTC) - timedelta(back)
    events = [
        ReceivedEvent(
            product.pk, f"{name}{back}{n}", at, account, f"p{n}", name, 1, json.dumps(properties)
        )
        for n, properties in enumerate(all_properties)
    ]
    send(product, *events)
    load_all()


def test_events_of_all_origins_are_listed_with_what_uses_them(browser, product, bring, manager):
    told(product, "Report <b>", {"rows": 3}, {}, back=2)
    told(product, "Report <b>", {}, back=40)
    bring("accounts", "account_id,name\nC1,Acme\n")
    day = local_today() - timedelta(3)
    bring("events", f"occurred_at,account_id,event,count\n{day}T10:00,C1,login,5\n")
    record("contact.recorded", actor=manager, engagement_id=None)
    seal()
    drain_acts()
    load_all()
    text = browser.get(EVENTS).text
    assert "Report &lt;b&gt;" in text and "Our product" in text
    rows = {name: text[text.index(page_of(name)) :].split("</tr>")[0] for name in ("login",)}
    assert ">5<" in rows["login"] and "Files" in rows["login"]
    assert "A contact recorded" not in text
    acts = browser.get(f"{EVENTS}?which=acts").text
    assert "A contact recorded" in acts and "Report" not in acts
    assert "login" in browser.get(f"{EVENTS}?q=LOG").text
    assert "Report" not in browser.get(f"{EVENTS}?q=LOG").text
    one = browser.get(page_of("Report <b>")).text
    assert ">2</" in one and ">3</" in one


def test_an_event_that_nobody_told_is_not_there(browser, workspace):
    assert browser.get(page_of("login")).status_code == 404
    assert "No event has come yet" in browser.get(EVENTS).text


def test_properties_have_types_shares_and_examples_unless_of_a_person(browser, product):
    shared = {"plan": "pro", "email": "a@example.jp", "rows": 3, "contact": "b@example.jp"}
    told(product, "report", shared, shared | {"rows": 8}, {"plan": "pro"}, {"once": "secret"})
    text = browser.get(page_of("report")).text
    cells = {
        name: text[text.index(f"<code>{name}</code>") :].split("</tr>")[0]
        for name in ("plan", "email", "rows", "contact", "once")
    }
    assert "75%" in cells["plan"] and "<code>pro</code>" in cells["plan"]
    assert ">3<" in cells["rows"] and ">8<" in cells["rows"]
    assert "not shown" in cells["email"] and "not shown" in cells["contact"]
    assert "@example.jp" not in text and "secret" not in text


def test_what_a_restricted_customer_did_gives_no_example(browser, product, staff):
    owner = staff(Role.SUCCESS)
    customer = make_customer("秘密社", owner=owner)
    ids = {"source": product, "kind": "account", "value": "a-1"}
    ExternalId.objects.create(**ids, engagement=customer)
    restrict(engagement=customer, reason="x", readers=[], by=owner)
    told(product, "report", {"plan": "hush"}, {"plan": "hush"})
    text = browser.get(page_of("report")).text
    assert "hush" not in text and "<code>plan</code>" in text


def test_people_write_what_it_means_and_say_what_is_personal(browser, product):
    told(product, "report", {"plan": "pro"}, {"plan": "pro"})
    words = {"description_ja": "帳票を作った", "description_en": "A report was made"}
    assert browser.post(page_of("report"), words).status_code == 302
    of_property = {"name": "plan", "description_en": "What they pay for", "personal": "yes"}
    browser.post(reverse("event-property", args=[uid_of("events", "report")]), of_property)
    text = browser.get(page_of("report")).text
    assert "A report was made" in text and "What they pay for" in text and ">pro<" not in text
    assert "A report was made" in browser.get(EVENTS).text
    answer = browser.post(page_of("report"), {"description_en": "x" * 501}, follow=True)
    assert "At most 500 characters" in answer.text
    assert EventNote.objects.get().description["en"] == "A report was made"


def test_what_is_hidden_is_not_offered_any_more(browser, product):
    told(product, "report", {"plan": "pro"}, {"plan": "pro"})
    today = local_today()
    hide = reverse("event-hide", args=[uid_of("events", "report")])
    of_property = {"name": "plan", "hidden": "on"}
    browser.post(reverse("event-property", args=[uid_of("events", "report")]), of_property)
    assert [dict(each.properties) for each in event_names(today)] == [{}]
    browser.post(hide, {"hidden": "1"})
    assert event_names(today) == []
    assert "report" not in browser.get(EVENTS).text.split("<main")[1].split('id="listed"')[1]
    assert page_of("report") in browser.get(f"{EVENTS}?which=hidden").text
    browser.post(hide, {"hidden": "0"})
    assert len(event_names(today)) == 1


def test_an_event_becomes_a_metric_that_its_page_names(browser, product):
    told(product, "report", {"plan": "pro"})
    text = browser.get(page_of("report")).text
    form = text[text.index(f'action="{reverse("metric-new")}"') :].split("</form>")[0]
    fields = [part.split('"') for part in form.split("<input")[1:]]
    typed = {part[3]: part[5] for part in fields if part[1] == "hidden" and part[2] == " name="}
    answer = browser.post(reverse("metric-new"), typed)
    assert answer.status_code == 302, (typed, answer.text)
    metric = Metric.objects.latest("id")
    assert metric.name == {"ja": "report(28日)", "en": "report (28 days)"}
    assert definitions([metric.key]) == {metric.key: Count("report", 28)}
    assert reverse("metric", args=[metric.uid]) in browser.get(page_of("report")).text
    assert reverse("metric", args=[metric.uid]) in browser.get(EVENTS).text


def test_many_events_ask_no_more(browser, product):
    told(product, "first", {"plan": "pro"})
    browser.get(EVENTS)
    few = asked(browser)
    for n in range(30):
        told(product, f"event {n}", {"plan": "pro"}, back=1 + n % 3)
    assert asked(browser) <= few


def asked(browser):
    with CaptureQueriesContext(connection) as captured:
        browser.get(EVENTS)
    return len(captured)


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("email", ()),
        ("userName", ()),
        ("user_id", ()),
        ("IPAddress", ()),
        ("お客様の氏名", ()),
        ("anything", ("090-1234-5678",)),
        ("anything", ("a@b.example",)),
        ("ref", ("https://example.com/x",)),
    ],
)
def test_what_is_likely_of_a_person(name, texts):
    assert is_personal(name, texts)


@pytest.mark.parametrize("name", ["plan", "rows", "file_type", "様式", "page", "pages", "package"])
def test_what_is_not(name):
    assert not is_personal(name, ("pro", "free", "2026-04-30"))
