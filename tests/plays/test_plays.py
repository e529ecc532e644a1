"""Plays: drafted, versions, runs with one decision; suggestions answered and learned from."""

from datetime import timedelta

import pytest
from django.urls import reverse

from banso.actions.models import Action
from banso.base.models import Notification, Role
from banso.base.notices import lines_of
from banso.base.workspace import local_today
from banso.core.conditions import Is
from banso.goals.models import Standing
from banso.plays.actions import (
    FirstStep,
    Refused,
    StepSheet,
    activate_play,
    decide_run,
    draft_play,
    retire_play,
    revise_play,
    take_first_step,
)
from banso.plays.interventions import Refused as Closed
from banso.plays.interventions import accept, refuse, restore
from banso.plays.models import Intervention, Play, PlayRun
from banso.plays.reminders import remind_keepers
from banso.plays.rounds import give_plays
from tests.plays.making import active, first_step, sheet
from tests.world import build

GAP = Is("gap", "ge", 0.5)


@pytest.fixture
def me(staff):
    return staff(Role.MANAGER, name="佐藤 花子")


@pytest.fixture
def world(me):
    return build(8, me)


@pytest.fixture
def client(sign_in, me):
    return sign_in(me)


@pytest.fixture
def today(workspace):
    return local_today()


def test_a_draft_changes_in_place_and_an_active_play_by_versions(me, world, today):
    play = draft_play(sheet=sheet(GAP), by=me)
    revise_play(play=play, sheet=sheet(GAP, capacity=9), by=me)
    assert [each.capacity for each in play.versions.all()] == [9]
    run = activate_play(play=play, by=me, first_step=first_step())
    give_plays(today)
    revise_play(play=play, sheet=sheet(GAP, capacity=9, purpose="早めに"), by=me)
    assert play.versions.count() == 1
    with pytest.raises(Refused, match="first_step_day"):
        revise_play(play=play, sheet=sheet(GAP, capacity=8), by=me)

    revise_play(play=play, sheet=sheet(GAP, capacity=8), by=me, first_step=first_step())
    run.refresh_from_db()
    assert [each.capacity for each in play.versions.all()] == [9, 8]
    assert (run.decision, run.ended_on, run.decided_by) == ("adjust", today, me)
    assert PlayRun.objects.get(play=play, ended_on=None).version.number == 2
    assert {each.run.version.number for each in Intervention.objects.all()} == {1}


def test_only_a_play_with_steps_and_a_first_small_step_is_put_to_use(me, today):
    play = draft_play(sheet=sheet(GAP, steps=[]), by=me)
    with pytest.raises(Refused, match="no_steps"):
        activate_play(play=play, by=me, first_step=first_step())
    revise_play(play=play, sheet=sheet(GAP), by=me)
    with pytest.raises(Refused, match="first_step_day"):
        late = FirstStep("いつか", today + timedelta(days=15))
        activate_play(play=play, by=me, first_step=late)
    run = activate_play(play=play, by=me, first_step=first_step())
    with pytest.raises(Refused, match="active"):
        activate_play(play=play, by=me, first_step=first_step())
    take_first_step(run=run, by=me)
    run.refresh_from_db()
    assert run.first_step_done_on == today


def test_a_run_is_decided_once(me, world, today):
    run = active(GAP, me, automatic=False)
    give_plays(today)
    decide_run(run=run, decision="keep", by=me, words="効いている")
    with pytest.raises(Refused, match="decided"):
        decide_run(run=run, decision="stop", by=me)
    run.refresh_from_db()
    assert (run.decision, run.ended_on) == ("keep", None)
    retire_play(play=run.play, by=me)
    run.refresh_from_db()
    assert (run.decision, run.ended_on) == ("keep", today)
    assert set(Intervention.objects.values_list("ended_as", flat=True)) == {"lapsed"}
    assert give_plays(today) == set()


def test_who_keeps_a_play_is_reminded_once(me, today):
    play = draft_play(sheet=sheet(GAP, owner=me, review_on=today, window_days=60), by=me)
    run = activate_play(play=play, by=me, first_step=first_step())
    remind_keepers(today)
    remind_keepers(today + timedelta(days=1))
    told = Notification.objects.filter(user=me).order_by("pk")
    assert list(told.values_list("verb", "subject_id")) == [("play.review_due", play.pk)]
    remind_keepers(run.first_step_by)
    remind_keepers(today + timedelta(days=60))
    verbs = list(told.values_list("verb", flat=True))
    assert verbs[1:] == ["play.first_step_due", "play.decision_due"]
    for line in (*lines_of(me, list(told)), *lines_of(me, list(told), mail=True)):
        assert line.href.endswith(f"/plays/{play.uid}/")
        assert line.text


def test_stopping_retires_the_play(me, client):
    run = active(GAP, me)
    client.post(f"/plays/{run.play.uid}/decision/", {"decision": "stop", "words": "効かない"})
    run.refresh_from_db()
    assert (run.decision, run.decision_words, run.play.state) == ("stop", "効かない", "retired")


def test_a_play_is_written_previewed_and_put_to_use_in_the_browser(world, client, today):
    steps = {f"steps-{name}": n for name, n in (("TOTAL_FORMS", 2), ("INITIAL_FORMS", 0))}
    typed = {
        "name_ja": "離れ始めた方へ",
        "name_en": "Drifting",
        "touches": ["high", "low"],
        "window_days": 60,
        "capacity": 20,
        "most": 1,
        "apart_days": 90,
        "automatic": "1",
        "condition-groups": 1,
        "condition-0-match": "all",
        "condition-0-rows": 1,
        "condition-0-0-field": "gap",
        "condition-0-0-way": "ge",
        "condition-0-0-value": "20",
        "condition-0-0-for": "gap one",
        "steps-0-kind": "action",
        "steps-1-kind": "contact",
        **steps,
        "steps-0-words_ja": "電話する",
        "steps-0-offset_days": 0,
        "steps-0-within_days": 5,
    }
    page = client.post("/plays/new/", typed | {"name_ja": "", "touches": []})
    assert (page.status_code, page.text.count("errorlist")) == (422, 2)
    answer = client.post("/plays/new/", typed)
    play = Play.objects.get()
    assert (answer.url, play.state) == (f"/plays/{play.uid}/", "drafted")
    version = play.versions.get()
    assert version.condition == {"all": [{"field": "gap", "op": "ge", "value": 0.2}]}
    assert [(each.kind, each.within_days) for each in version.steps.all()] == [("action", 5)]
    preview = client.get(f"/plays/{play.uid}/preview/").context["page"]
    assert preview.held == Standing.objects.filter(gap__gte=0.2).count() == 5
    assert dict(preview.refused) == {"touch": 1}
    when = (today + timedelta(days=7)).isoformat()
    client.post(f"/plays/{play.uid}/activate/", {"first_step": "一社目", "first_step_by": when})
    give_plays(today)
    page = client.get(f"/plays/{play.uid}/").context["page"]
    assert (page.line.given.running, len(page.interventions)) == (preview.given, preview.given)


def test_one_interaction_takes_a_suggestion_up(world, client, me, today):
    active(GAP, me, automatic=False)
    give_plays(today)
    row = Intervention.objects.select_related("engagement").first()
    shown = client.get("/today/?scope=all&section=needs").text
    assert f"/interventions/{row.uid}/accept/" in shown
    answer = client.post(f"/interventions/{row.uid}/accept/", headers={"HX-Request": "true"})
    assert "電話する" in answer.text
    client.post(f"/interventions/{row.uid}/accept/")
    assert Action.objects.filter(step_run__intervention=row).count() == 1
    row.refresh_from_db()
    assert (row.state, row.started_by) == ("running", me)
    with pytest.raises(Closed):
        refuse(intervention=row, by=me)


def test_a_suggestion_is_taken_up_otherwise(world, client, me, staff, today):
    other = staff(Role.SUCCESS, name="森 一郎")
    active(GAP, me, automatic=False)
    give_plays(today)
    row = Intervention.objects.first()
    due = today + timedelta(days=2)
    typed = {"title": "訪問する", "owner": other.uid, "due_on": due.isoformat()}
    late = typed | {"due_on": "2020-01-01"}
    assert client.post(f"/interventions/{row.uid}/change/", late).status_code == 422
    client.post(f"/interventions/{row.uid}/change/", typed)
    action = Action.objects.get(step_run__intervention=row)
    assert (action.title, action.owner, action.due_on) == ("訪問する", other, due)


def test_refusals_lower_the_play_where_they_were_said(world, client, me, today):
    some = Is("gap", "ge", 0.3)
    run, other = active(some, me, automatic=False), active(some, me, automatic=False)
    Standing.objects.update(touch="high")
    give_plays(today)
    alike = Intervention.objects.filter(play=run.play, situation__endswith="amber")
    first, second = alike.order_by("pk")[:2]
    assert (first.situation, first.rank) == (second.situation, 0.5)
    client.post(f"/interventions/{first.uid}/refuse/")
    client.post(f"/interventions/{first.uid}/refuse/", {"reason": "not_fitting"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.reason) == ("refused", "not_fitting")
    assert second.rank == pytest.approx(1 / 3)
    page = client.get(f"/customers/{second.engagement.uid}/").context["page"]
    assert page.row.suggestion.intervention.play == other.play
    assert page.row.suggestion.others == 1
    restore(intervention=first, by=me)
    second.refresh_from_db()
    assert second.rank == 0.5


def test_a_play_is_given_by_hand_to_whom_it_is_not_for(world, client, me, today):
    play = active(Is("gap", "ge", 2), me).play
    customer = world.engagements[0]
    url = f"/customers/{customer.uid}/plays/"
    client.post(url, {"play": play.uid})
    client.post(url, {"play": play.uid})
    row = Intervention.objects.get()
    assert (row.state, row.planned_by, row.occasion) == ("running", me, 1)
    page = client.get(url).context["page"]
    assert [(each.ended, each.steps) for each in page.running] == [(0, 1)]
    assert page.offered == []
    retire_play(play=play, by=me)
    client.post(url, {"play": play.uid})
    assert Intervention.objects.count() == 1


def test_nothing_is_taken_up_for_whom_nobody_looks_after(world, me, today):
    active(GAP, me, automatic=False)
    give_plays(today)
    row = Intervention.objects.first()
    row.engagement.owner = None
    row.engagement.save()
    with pytest.raises(Closed, match="no_owner"):
        accept(intervention=row, by=me)


def test_a_colleagues_customer_and_play_are_not_ones_own(world, me, staff, sign_in, today):
    active(GAP, me, automatic=False)
    give_plays(today)
    row, play = Intervention.objects.first(), Play.objects.get()
    viewer = sign_in(staff(Role.VIEWER, name="見る人"))
    success = sign_in(staff(Role.SUCCESS, name="別の人"))
    assert viewer.post(f"/interventions/{row.uid}/accept/").status_code == 403
    assert success.post(f"/plays/{play.uid}/retire/").status_code == 403
    assert success.get("/plays/nobody/").status_code == 404


def test_a_step_of_a_kind_that_is_gone_ends_without_doing_anything(world, me, today):
    steps = [StepSheet("fax", {"ja": "送る", "en": "Send"})]
    active(GAP, me, steps=steps)
    given = give_plays(today)
    assert Intervention.objects.filter(ended_at=None).count() == len(given)
    give_plays(today)
    assert set(Intervention.objects.values_list("ended_as", flat=True)) == {"done"}


def test_a_play_that_asks_for_something_gone_is_asked_anew(world, client, me):
    run = active(Is("metric:gone", "ge", 3), by=me)
    page = client.get(reverse("play-edit", args=[run.play.uid]))
    assert page.status_code == 200
    assert "なくなった項目" in page.text
