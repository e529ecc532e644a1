"""The page through HTTP: what it shows, to whom, and where it leads."""

import csv
import re
from datetime import timedelta
from io import StringIO
from urllib.parse import parse_qs, urlparse

import pytest
from django.urls import reverse
from django.utils import translation

from banso.base.activity import record, seal
from banso.base.models import Role
from banso.base.workspace import local_today
from banso.core.conditions import Is
from banso.core.metrics import Count
from banso.core.periods import start
from banso.engagements.actions import restrict
from banso.events.acts import drain_acts
from banso.events.loading import load_all
from banso.explore.pages import explore_page, form_of
from banso.metrics.models import Metric
from banso.metrics.segment_actions import SegmentSheet, make_segment
from banso.metrics.values import definitions
from tests.engagements.making import make_customer
from tests.engine.events import event
from tests.metrics.test_views import asks

EXPLORE = reverse("explore")


@pytest.fixture
def manager(staff):
    return staff(Role.MANAGER, language="en")


@pytest.fixture
def browser(manager, sign_in):
    return sign_in(manager)


def last_week(day: int) -> str:
    """A moment of the last full week: day 0 is its Monday."""
    monday = start("week", local_today()) - timedelta(7)
    return f"{monday + timedelta(day)}T03:00"


@pytest.fixture
def used(workspace, usage):
    """Two customers: one with three of last week, one with five, of two plans."""
    acme, beta = make_customer("青空商事", touch="high"), make_customer("海辺工業", touch="low")
    usage.connect(
        {acme.id: "acme", beta.id: "beta"},
        [
            event(last_week(1), count=2, properties={"plan": "pro", "pages": 4}),
            event(last_week(2), name="export", person="p2", properties={"plan": "free"}),
            event(last_week(3), "beta", count=5, person="p3", properties={"plan": "pro"}),
            event(f"{local_today()}T00:00", "beta", person="p3"),
        ],
    )
    return acme, beta


def shown(page) -> dict[str, float | None]:
    """What each column says of the last full week."""
    result = page.result
    row = next(n for n, period in enumerate(result.periods) if period.first == start_of_last_week())
    return {each.name: each.steps[row].value for each in result.columns}


def start_of_last_week():
    return start("week", local_today()) - timedelta(7)


def ask(user, **words: str):
    return explore_page(form_of(query(words), local_today()), user, user.role, local_today())


def query(words):
    from django.http import QueryDict

    found = QueryDict(mutable=True)
    for name, value in words.items():
        found[name] = value
    return found


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def asking(manager):
    manager.role = Role.MANAGER
    return manager


def test_without_anything_to_look_at_it_says_what_to_do(browser, workspace):
    answer = browser.get(EXPLORE)
    assert "There is nothing to look at yet" in answer.text
    assert reverse("imports") in answer.text


def test_it_begins_with_any_event_by_week(used, browser):
    answer = browser.get(EXPLORE)
    assert "How often any event happened, by week" in answer.text
    assert len(re.findall(r"<tr>", answer.text)) == 14
    assert "not over" in answer.text


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({}, {"All": 8.0}),
        ({"of": "event:login"}, {"All": 7.0}),
        ({"measure": "people"}, {"All": 3.0}),
        ({"measure": "customers"}, {"All": 2.0}),
        ({"measure": "sum", "property": "pages"}, {"All": 8.0}),
        ({"measure": "mean", "property": "pages"}, {"All": 4.0}),
        ({"split": "touch"}, {"All": 8.0, "Low touch": 5.0, "High touch": 3.0}),
        ({"split": "name"}, {"All": 8.0, "海辺工業": 5.0, "青空商事": 3.0}),
        ({"split": "property:plan"}, {"All": 8.0, "pro": 7.0, "free": 1.0, "not known": 0.0}),
        (
            {"split": "property:plan"} | asks("conditions", "plan", "is", "pro", "one"),
            {"All": 7.0, "pro": 7.0},
        ),
    ],
)
def test_the_answer_of_the_last_full_week(used, asking, words, expected):
    assert shown(ask(asking, **words)) == expected


def test_a_customer_in_no_segment_is_in_the_rest(used, asking):
    high = SegmentSheet({"en": "Big", "ja": "大"}, Is("touch", "is", "high"))
    make_segment(sheet=high, by=None)
    page = ask(asking, split="segment")
    assert shown(page) == {"All": 8.0, "Big": 3.0, "in none of these": 5.0}
    assert page.result.overlapping


def test_what_is_before_the_first_event_is_not_nought(used, asking):
    steps = ask(asking).result.whole.steps
    assert steps[0].value is None
    assert [step.whole for step in steps][-2:] == [True, False]


def test_a_restricted_customer_is_left_out_for_who_may_not_read_it(used, asking, staff):
    _, beta = used
    keeper = staff(Role.SUCCESS)
    beta.owner = keeper
    beta.save()
    restrict(engagement=beta, reason="協議", readers=[], by=keeper)
    assert shown(ask(asking, split="name")) == {"All": 3.0, "青空商事": 3.0}
    keeper.role = Role.SUCCESS
    assert shown(ask(keeper))["All"] == 8.0


def test_a_metric_over_time_is_told_of_the_customers(used, asking, make_metric):
    metric = make_metric("uses", Count(None, 7), name={"en": "Uses", "ja": "利用"})
    of = {"of": f"metric:{metric.uid}"}
    assert shown(ask(asking, **of, measure="mean")) == {"All": 4.0}
    assert shown(ask(asking, **of, measure="share", at_least="4")) == {"All": 0.5}
    split = shown(ask(asking, **of, split="touch"))
    assert split == {"All": 4.0, "High touch": 3.0, "Low touch": 5.0}


def test_bad_words_in_the_address_are_told_kindly(used, browser):
    answer = browser.get(EXPLORE, {"measure": "sum"})
    assert answer.status_code == 200
    assert "Choose the property." in answer.text
    answer = browser.get(EXPLORE, {"range": "own", "since": "2026-05-02", "until": "2026-05-01"})
    assert "The first day lies after the last." in answer.text
    for name in ("of", "grain", "range", "split"):
        assert "errorlist" in browser.get(EXPLORE, {name: "metric:?"}).text, name


def test_the_file_holds_what_the_page_shows(used, browser):
    page = browser.get(EXPLORE, {"split": "touch"})
    [link] = re.findall(r'href="(/explore/export/[^"]+)"', page.text)
    answer = browser.get(link.replace("&amp;", "&"))
    rows = list(csv.reader(StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert rows[0] == ["First day", "Last day", "Whole period", "All", "Low touch", "High touch"]
    monday = start_of_last_week()
    assert rows[-2] == [str(monday), str(monday + timedelta(6)), "yes", "8.0", "5.0", "3.0"]
    assert rows[-1][2] == "no"
    assert browser.get(reverse("explore-export"), {"measure": "sum"}).status_code == 302


def test_one_click_makes_it_a_metric(used, browser):
    words = {"of": "event:login", "measure": "people"}
    told = browser.get(EXPLORE, words | asks("conditions", "plan", "is", "pro", "one"))
    [link] = re.findall(r'href="(/metrics/new/\?[^"]+)"', told.text)
    builder = browser.get(link.replace("&amp;", "&"))
    assert "different people with “login” (plan is pro) in the last 7 days" in builder.text
    typed = parse_qs(urlparse(link.replace("&amp;", "&")).query)
    browser.post(reverse("metric-new"), typed | {"name_en": "Pro people"})
    [metric] = Metric.objects.all()
    [meaning] = definitions([metric.key]).values()
    assert meaning.event == "login"
    assert meaning.where is not None


def test_who_may_not_define_is_not_asked_to(used, staff, sign_in):
    answer = sign_in(staff(Role.VIEWER)).get(EXPLORE)
    assert reverse("metric-new") not in answer.text


def test_htmx_keeps_the_address_short_and_builds_conditions_alone(used, browser):
    words = {"of": "event:", "measure": "count", "grain": "week", "range": "13w", "since": ""}
    answer = browser.get(EXPLORE, words, headers={"HX-Request": "true"})
    pushed = parse_qs(urlparse(answer.headers["HX-Push-Url"]).query)
    assert pushed == {"of": ["event:"], "measure": ["count"], "grain": ["week"], "range": ["13w"]}
    building = {"HX-Request": "true", "HX-Target": "conditions"}
    words |= {"conditions-groups": "1", "conditions-0-rows": "1"}
    assert (
        "conditions"
        not in browser.get(EXPLORE, words, headers={"HX-Request": "true"}).headers["HX-Push-Url"]
    )
    words |= {"conditions-act": "add:conditions-0"}
    answer = browser.get(EXPLORE, words, headers=building)
    assert "HX-Push-Url" not in answer.headers
    assert "<tbody>" not in answer.text
    assert 'name="conditions-0-1-field"' in answer.text


def test_an_event_seen_no_more_can_still_be_asked_for(used, browser):
    answer = browser.get(EXPLORE, {"of": "event:gone"})
    assert "How often “gone” happened" in answer.text
    assert "Nothing in this range" in answer.text


def test_what_colleagues_did_is_a_stream_of_its_own(used, browser, manager, monkeypatch):
    acme, _ = used
    monkeypatch.undo()  # the lake is the real one
    record("contact.recorded", actor=manager, engagement_id=acme.pk)
    record("metric.defined", actor=manager)
    seal()
    drain_acts()
    load_all()
    page = browser.get(EXPLORE, {"of": "act:", "split": "owner", "grain": "day", "range": "4w"})
    assert page.status_code == 200
    assert "How often anything done in Banso happened, by day, split by Owner" in page.text
    assert "act:contact.recorded" in page.text
    assert "act:metric.defined" not in page.text
    found = browser.get(EXPLORE, {"of": "act:contact.recorded", "measure": "people"})
    assert "How many different people with a contact recorded, by week" in found.text
    assert "There is nothing to look at yet" not in browser.get(EXPLORE).text
