"""The workspace's settings: what may be chosen, what follows from it, and the word list."""

from datetime import date, time

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext

from banso.base.jobs import run_all
from banso.base.models import Activity, Job, Role, Workspace
from banso.base.words import spoken
from banso.base.workspace import fiscal_year, held, next_working_day
from tests.base.test_doors import SETTINGS
from tests.world import build

WORDS = {
    "customer": {"ja": "会員企業", "one": "alumnus", "many": "alumni"},
    "success_plan": {"ja": "伴走計画", "one": "journey", "many": "journeys"},
    "gap": {"ja": "差分", "one": "distance", "many": "distances"},
    "stake": {"ja": "優先額", "one": "weight at risk"},
    "target": {"ja": "達成目安", "one": "milestone", "many": "milestones"},
    "action": {"ja": "宿題", "one": "to-do", "many": "to-dos"},
}


@pytest.fixture
def admin(staff):
    return staff(Role.ADMIN, language="en")


@pytest.fixture
def client(admin, sign_in):
    return sign_in(admin)


def test_every_choice_is_kept(client):
    data = SETTINGS | {
        "fiscal_month": "10",
        "fiscal_day": "21",
        "working_days": ["1", "2", "6"],
        "quiet_from": "19:30",
        "quiet_until": "07:00",
    }
    assert client.post("/settings/", data).status_code == 302
    row = Workspace.objects.get()
    assert (row.fiscal_month, row.fiscal_day, row.working_days) == (10, 21, [1, 2, 6])
    assert (row.quiet_from, row.quiet_until) == (time(19, 30), time(7))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("quiet_from", "", "Give both hours, or none."),
        ("quiet_until", "20:00", "never quiet"),
        ("working_days", [], "Choose at least one day."),
        ("fiscal_day", "29", "28"),
        ("fiscal_month", "13", "Select a valid choice"),
        ("timezone", "Mars/Base", "Select a valid choice"),
        ("name", "", "required"),
    ],
)
def test_what_cannot_be_chosen_is_said_and_nothing_is_kept(client, field, value, said):
    answer = client.post("/settings/", SETTINGS | {field: value})
    assert answer.status_code == 422
    assert said in answer.text
    assert not Activity.objects.filter(verb="workspace.changed").exists()


def test_saving_the_same_changes_nothing(client):
    client.post("/settings/", SETTINGS)
    assert not Activity.objects.filter(verb="workspace.changed").exists()


def test_another_zone_says_its_price_first_and_then_builds_anew(client):
    data = SETTINGS | {"timezone": "Europe/Paris"}
    answer = client.post("/settings/", data)
    assert answer.status_code == 422
    assert "whole event lake is built again" in answer.text
    assert Workspace.objects.get().timezone == "Asia/Tokyo"

    assert client.post("/settings/", data | {"rebuild": "on"}).status_code == 302
    assert Workspace.objects.get().timezone == "Europe/Paris"
    assert Job.objects.filter(task="banso.events.rezone.rebuild_lake").count() == 1
    run_all()
    assert not Job.objects.exclude(status="done").exists()


def test_fewer_months_of_events_are_confirmed_first(client):
    data = SETTINGS | {"event_months": "24"}
    answer = client.post("/settings/", data)
    assert (answer.status_code, Workspace.objects.get().event_months) == (422, None)
    assert "events of earlier months are deleted" in answer.text
    assert client.post("/settings/", data | {"drop": "on"}).status_code == 302
    assert client.post("/settings/", data | {"event_months": "36"}).status_code == 302
    assert Workspace.objects.get().event_months == 36
    assert client.post("/settings/", data).status_code == 422
    assert client.post("/settings/", data | {"event_months": "0", "drop": "on"}).status_code == 422
    assert client.post("/settings/", SETTINGS).status_code == 302
    assert Workspace.objects.get().event_months is None


@pytest.mark.parametrize(
    ("month", "day", "today", "first", "following"),
    [
        (4, 1, "2026-11-21", "2026-04-01", "2027-04-01"),
        (4, 1, "2026-03-31", "2025-04-01", "2026-04-01"),
        (1, 1, "2026-01-01", "2026-01-01", "2027-01-01"),
        (3, 21, "2026-03-21", "2026-03-21", "2027-03-21"),
    ],
)
def test_the_fiscal_year_of_a_day(month, day, today, first, following):
    place = Workspace(fiscal_month=month, fiscal_day=day)
    found = fiscal_year(date.fromisoformat(today), place)
    assert [each.isoformat() for each in found] == [first, following]


@pytest.mark.parametrize(
    ("today", "following"),
    [("2026-11-20", "2026-11-24"), ("2026-11-24", "2026-11-25"), ("2026-12-31", "2027-01-04")],
)
def test_the_next_working_day_leaves_out_weekends_and_holidays(today, following):
    found = next_working_day(date.fromisoformat(today), Workspace())
    assert found.isoformat() == following


def test_a_workspace_that_never_works_is_answered_all_the_same():
    assert next_working_day(date(2026, 11, 20), Workspace(working_days=[])) == date(2026, 11, 21)


def test_words_are_typed_kept_and_spoken_at_once(client):
    data = {"customer-ja": "会員企業", "customer-one": "member", "customer-many": "members"}
    assert client.post("/settings/words/", data).status_code == 302
    assert Workspace.objects.get().words == {
        "customer": {"ja": "会員企業", "one": "member", "many": "members"}
    }
    page = client.get("/settings/words/").text
    assert 'value="会員企業"' in page
    assert "Members" in page
    assert '<span lang="en">customer, customers</span>' in page

    client.post("/settings/words/", {"customer-ja": "お客様", "customer-one": "customer"})
    assert Workspace.objects.get().words == {}
    assert "Customers" in client.get("/settings/words/").text


@pytest.mark.parametrize("word", ["<script>", "100%", "%(n)s", "{{ x }}", "x" * 41])
def test_what_is_no_word_is_refused(client, word):
    answer = client.post("/settings/words/", {"customer-one": word})
    assert answer.status_code == 422
    assert Workspace.objects.get().words == {}


def test_every_way_of_asking_for_a_sentence_speaks_the_words():
    lazy = gettext_lazy("Customers")
    with spoken(WORDS), translation.override("en"):
        assert (gettext("Customers"), str(lazy)) == ("Alumni", "Alumni")
        assert ngettext("%(n)s customer", "%(n)s customers", 2) == "%(n)s alumni"
        assert pgettext("somewhere", "a customer") == "an alumnus"
    with spoken(WORDS), translation.override("ja"):
        assert gettext("Customers") == "会員企業"
        assert str(lazy) == "会員企業"
    with translation.override("en"):
        assert (gettext("Customers"), str(lazy)) == ("Customers", "Customers")


PAGES = ["/today/", "/customers/", "/plans/", "/metrics/", "/imports/", "/lookback/", "/settings/"]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_changed_word_is_on_every_page_that_names_it(admin, client, language):
    """Wherever the product's noun stood, the company's own stands; nowhere the old one."""
    type(admin).objects.update(language=language)
    world = build(4, admin)
    uid = world.engagements[0].uid
    pages = [*PAGES, *(f"/customers/{uid}/{rest}" for rest in ("", "plan/", "why/", "plan/share/"))]
    before = {page: visible(client.get(page).text) for page in pages}
    Workspace.objects.update(words=WORDS)
    for page, then in before.items():
        now = visible(client.get(page).text)
        assert then != now, page
        for noun, own in nouns(language):
            assert noun not in now, (page, noun)
            assert own in now or noun not in then, (page, own)


def visible(html: str) -> str:
    from tests.house.test_pages import texts

    return " | ".join(sorted(texts(html))).lower()


def nouns(language):
    if language == "ja":
        return [("お客様", "会員企業"), ("サクセスプラン", "伴走計画"), ("ステーク", "優先額")]
    return [("success plan", "journey"), ("next step", "to-do")]


def test_words_cost_no_query(admin, client):
    build(3, admin)

    def asked():
        with CaptureQueriesContext(connection) as captured:
            client.get("/today/")
        return len(captured)

    asked()
    before = asked()
    Workspace.objects.update(words=WORDS)
    assert asked() == before


def test_what_people_wrote_is_never_touched(admin, client):
    world = build(1, admin)
    type(world.engagements[0].party).objects.filter(engagements__isnull=False).update(
        name="お客様相談センター"
    )
    Workspace.objects.update(words=WORDS)
    assert "お客様相談センター" in client.get("/customers/").text


def test_mails_speak_the_words_too(client):
    Workspace.objects.update(words=WORDS)
    invited = {"email": "new@example.jp", "role": "viewer", "language": "ja"}
    assert client.post("/staff/invitations/", invited).status_code == 200
    [letter] = mail.outbox
    assert "会員企業" in letter.body
    assert "お客様" not in letter.body


def test_outside_a_request_the_words_are_those_of_the_held_workspace(db):
    place = Workspace.objects.create(id=1, name="x", words=WORDS)
    with held(place), translation.override("ja"):
        assert gettext("Customers") == "会員企業"
