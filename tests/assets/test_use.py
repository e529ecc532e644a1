"""Showing an asset, following a script, and what came of them."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from banso.actions.actions import withdraw_contact
from banso.actions.models import Contact
from banso.assets.actions import Refused
from banso.assets.figures import coverage_of, figures_of, results_of
from banso.assets.models import Showing, Walkthrough
from banso.assets.use import finish, react, show
from banso.assets.walkthroughs import Marks, Talk, end_role_play, keep_marks, log_talk, open_script
from banso.base.models import Activity, Role
from banso.engagements.actions import restrict
from tests.assets.making import make, make_script
from tests.engagements.making import make_customer


@pytest.fixture
def script(writer):
    return make_script(by=writer, minutes=60)


def opened(script, writer, customer):
    return open_script(asset=script, by=writer, language="ja", engagement=customer)


def test_times_shown_reactions_and_cost_are_counted(writer, customer):
    guide, unused = make(by=writer, minutes=90), make(by=writer)
    other = make_customer("大和工業", owner=writer)
    for engagement in (customer, customer, other):
        row = show(version=guide.current, engagement=engagement, by=writer)
    react(showing=row, reaction="helped", by=writer)
    finish(showing=row, by=writer)
    finish(showing=row, by=writer)
    figures = figures_of([guide, unused], writer)
    told = figures[guide.pk]
    assert (told.shown, told.finished, told.helped, told.said) == (3, 1, 1, 1)
    assert (told.cost, told.share) == (30.0, 1.0)
    assert (figures[unused.pk].cost, figures[unused.pk].shown) == (None, 0)
    assert coverage_of(guide, writer).shown == 2
    assert Activity.objects.filter(verb="asset.finished").count() == 1


def test_the_same_showing_is_written_down_once(writer, customer):
    guide = make(by=writer)
    words = {"version": guide.current, "engagement": customer, "by": None, "once": "play:1"}
    assert show(**words) == show(**words)
    assert Showing.objects.count() == Activity.objects.filter(verb="asset.shown").count() == 1


def test_a_restricted_customer_is_not_counted_for_those_who_may_not_read_it(
    writer, manager, customer
):
    guide = make(by=writer)
    show(version=guide.current, engagement=customer, by=writer)
    restrict(engagement=customer, reason="協議", readers=[], by=writer)
    assert figures_of([guide], writer)[guide.pk].shown == 1
    assert figures_of([guide], manager)[guide.pk].shown == 0


def test_figures_ask_no_more_for_more_assets(writer, customer):
    guides = [make(by=writer) for _ in range(4)]
    for guide in guides:
        show(version=guide.current, engagement=customer, by=writer)

    def asked(among):
        with CaptureQueriesContext(connection) as captured:
            figures_of(among, writer)
        return len(captured)

    assert asked(guides) == asked(guides[:1])


def test_what_is_ticked_is_kept_as_it_stands(script, writer, customer):
    row = opened(script, writer, customer)
    assert opened(script, writer, customer) == row
    kept = keep_marks(
        walkthrough=row, marks=Marks({1, 3, 99}, {1: "順調なとき", 2: "x"}), by=writer
    )
    assert (kept.ticks, kept.ticked, kept.choices) == ([1, 3], 2, {"1": "順調なとき"})
    kept = keep_marks(walkthrough=row, marks=Marks({2}, {1: "nowhere"}), by=writer)
    assert (kept.ticks, kept.choices) == ([2], {})


def test_logging_a_talk_makes_the_contact_once(script, writer, customer):
    row = opened(script, writer, customer)
    talk = Talk("reached", "更新の見込み")
    words = {"walkthrough": row, "marks": Marks({1}), "talk": talk, "by": writer}
    contact = log_talk(**words)
    assert log_talk(**words) == contact
    assert (contact.summary, contact.channel, contact.by) == ("更新の見込み", "call", writer)
    row.refresh_from_db()
    assert (row.outcome, row.contact, row.ticks) == ("reached", contact, [1])
    showing = Showing.objects.get()
    assert (showing.way, showing.finished_at is not None) == ("call", True)
    with pytest.raises(Refused):
        keep_marks(walkthrough=row, marks=Marks(), by=writer)


def test_results_stand_version_by_version_and_a_contact_taken_back_does_not_count(
    script, writer, manager, customer
):
    for outcome in ("reached", "partly", "no_answer", "reached"):
        row = opened(script, writer, customer)
        contact = log_talk(walkthrough=row, marks=Marks({1, 2}), talk=Talk(outcome, ""), by=writer)
    withdraw_contact(contact=contact, by=writer)
    play = open_script(asset=script, by=writer, language="ja", partner=manager)
    end_role_play(walkthrough=play, marks=Marks(), outcome="partly", note="ゆっくり", by=writer)
    [result] = results_of(script, writer)
    assert (result.talks, result.reached, result.partly, result.no_answer) == (3, 1, 1, 1)
    assert (result.share, result.role_plays) == (0.5, 1)
    assert result.ticked_share == pytest.approx(2 / 3)
    assert result.interval[0] < 0.5 < result.interval[1]
    assert Contact.objects.filter(summary="最初の電話").count() == 3


def test_a_walkthrough_is_with_a_customer_or_a_partner(script, writer, manager, customer):
    row = opened(script, writer, customer)
    for words in ({"partner": manager}, {"engagement": None}, {"outcome": "reached"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Walkthrough.objects.filter(pk=row.pk).update(**words)


def test_a_scripted_call_is_logged_in_three_interactions(script, writer, customer, sign_in):
    client = sign_in(writer)
    page = client.get(reverse("customer", args=[customer.uid])).text
    assert f'name="script" value="{script.uid}"' in page
    answer = client.post(reverse("script-open", args=[customer.uid]), {"script": script.uid})
    page = client.get(answer.headers["Location"]).text
    assert 'name="outcome" value="reached"' in page and 'value="call" checked' in page
    channel = {"channel": "call", "occurred_on": ""}
    answer = client.post(answer.headers["Location"], {"outcome": "reached", **channel})
    assert answer.headers["Location"] == reverse("customer", args=[customer.uid])
    assert Contact.objects.get().summary == "最初の電話"
    page = client.get(answer.headers["Location"]).text
    assert "ねらいを達成" in page


def test_the_page_of_a_talk_keeps_ticks_and_asks_for_an_outcome(
    script, writer, manager, customer, sign_in
):
    row = opened(script, writer, customer)
    url, client = reverse("walkthrough", args=[row.uid]), sign_in(writer)
    typed = {"keep": "1", "tick": ["1", "x", "3"], "fork-1": "順調なとき", "fork-x": "y"}
    answer = client.post(url, typed, headers={"HX-Request": "true"})
    assert 'id="kept"' in answer.text and "2" in answer.text
    page = client.get(url).text
    assert 'name="tick" value="1" checked' in page and 'name="tick" value="2">' in page
    assert client.post(url, {"tick": "1"}).status_code == 422
    assert sign_in(manager).post(url, {"outcome": "reached"}).status_code == 404
    assert sign_in(manager).get(url).status_code == 200


def test_what_was_shown_is_noted_on_the_customers_page(writer, customer, sign_in, staff):
    guide, client = make(by=writer), sign_in(writer)
    url = reverse("customer-assets", args=[customer.uid])
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"asset": guide.uid}).status_code == 302
    row = Showing.objects.get()
    address = reverse("showing", args=[row.uid])
    client.post(address, {"finished": "on"})
    client.post(address, {"reaction": "not_helped"})
    client.post(address, {"reaction": "no such"})
    row.refresh_from_db()
    assert (row.finished_at is not None, row.reaction) == (True, "not_helped")
    timeline = client.get(reverse("customer", args=[customer.uid])).text
    assert "はじめての設定" in timeline
    viewer = sign_in(staff(Role.VIEWER, name="見る人"))
    assert viewer.get(url).status_code == 200
    assert viewer.post(url, {"asset": guide.uid}).status_code == 403


def test_who_saw_it_and_who_finished_it_are_listed(writer, customer, sign_in):
    guide, client = make(by=writer), sign_in(writer)
    other = make_customer("大和工業", owner=writer)
    finish(showing=show(version=guide.current, engagement=customer, by=writer), by=writer)
    react(
        showing=show(version=guide.current, engagement=other, by=writer),
        reaction="not_helped",
        by=writer,
    )
    url = reverse("asset-showings", args=[guide.uid])

    def listed(**words):
        page = client.get(url, words).text.partition('id="table"')[2]
        return [name for name in ("青空商事", "大和工業") if name in page]

    assert listed() == ["青空商事", "大和工業"]
    assert listed(what="finished") == ["青空商事"]
    assert listed(what="not_finished") == listed(what="not_helped") == ["大和工業"]


def test_a_role_play_is_practised_with_a_colleague_and_leaves_no_contact(
    script, writer, manager, customer, sign_in
):
    client = sign_in(writer)
    page = client.get(reverse("asset", args=[script.uid])).text
    assert f'<option value="{manager.uid}">部長 太郎</option>' in page
    url = reverse("role-play", args=[script.uid])
    assert client.post(url, {}).headers["Location"] == reverse("asset", args=[script.uid])
    talk = client.post(url, {"partner": manager.uid}).headers["Location"]
    assert client.post(talk, {"note": "ゆっくり"}).status_code == 422
    client.post(talk, {"outcome": "partly", "note": "ゆっくり話す", "tick": "1"})
    row = Walkthrough.objects.get()
    assert (row.outcome, row.note, row.ticks, row.contact) == ("partly", "ゆっくり話す", [1], None)
    assert not Contact.objects.exists() and not Showing.objects.exists()
    assert "ゆっくり話す" in sign_in(manager).get(talk).text
    assert talk in client.get(reverse("asset", args=[script.uid])).text


def test_what_was_opened_by_mistake_is_gone_and_what_ended_is_not(
    script, writer, customer, sign_in
):
    client = sign_in(writer)
    row = opened(script, writer, customer)
    client.post(reverse("walkthrough-drop", args=[row.uid]))
    assert not Walkthrough.objects.exists()
    row = opened(script, writer, customer)
    log_talk(walkthrough=row, marks=Marks(), talk=Talk("reached", ""), by=writer)
    client.post(reverse("walkthrough-drop", args=[row.uid]))
    assert Walkthrough.objects.get().outcome == "reached"
