"""Steps with an asset: the guide is shown, the script followed; the step ends by what was done."""

import pytest
from django.urls import reverse

from banso.actions.actions import close_action
from banso.actions.models import Action
from banso.assets.models import Showing, Walkthrough
from banso.assets.use import show
from banso.assets.walkthroughs import Marks, Talk, log_talk, open_script
from banso.base.models import Role
from banso.base.workspace import local_today
from banso.plays.forms_plays import step_rows
from banso.plays.interventions import settle
from banso.plays.models import Intervention
from banso.plays.rounds import give_plays
from tests.assets.making import make, make_script
from tests.plays.making import StepSheet, active
from tests.world import build

WORDS = {"ja": "最初の設定", "en": "The first set-up"}


@pytest.fixture
def owner(staff):
    return staff(Role.SUCCESS, name="佐藤 花子")


@pytest.fixture
def given(owner):
    """A play with a step of a kind, given to the first of a small world."""

    def give(kind: str) -> tuple[Intervention, object]:
        build(1, owner)
        asset = make_script() if kind == "script" else make()
        active(steps=[StepSheet(kind, WORDS, thing=asset.uid)])
        give_plays(local_today())
        return Intervention.objects.get(), asset

    return give


def ended(row: Intervention) -> bool:
    settle([row.engagement_id])
    row.refresh_from_db()
    return row.ended_as == "done"


def test_a_guide_asked_for_is_done_once_it_was_shown(given, owner):
    row, guide = given("guide")
    action = Action.objects.get(step_run__intervention=row)
    assert action.title == "最初の設定を見てもらう"
    assert not ended(row)
    show(version=guide.current, engagement=row.engagement, by=owner)
    assert ended(row)
    action.refresh_from_db()
    assert action.closed_as == "done"
    assert Showing.objects.count() == 1


def test_ticking_the_action_off_says_that_the_guide_was_shown(given, owner):
    row, guide = given("guide")
    close_action(action=Action.objects.get(step_run__intervention=row), by=owner)
    assert ended(row)
    showing = Showing.objects.get()
    assert (showing.version, showing.way, showing.by) == (guide.current, "play", owner)


def test_dropping_the_action_says_nothing(given, owner):
    row, _ = given("guide")
    close_action(
        action=Action.objects.get(step_run__intervention=row), by=owner, closed_as="dropped"
    )
    assert ended(row)
    assert not Showing.objects.exists()


def test_a_script_is_opened_from_the_step_and_logging_the_talk_ends_it(given, owner, client):
    row, script = given("script")
    client.force_login(owner)
    page = client.get(reverse("customer", args=[row.engagement.uid])).content.decode()
    assert f'name="script" value="{script.uid}"' in page
    client.post(reverse("script-open", args=[row.engagement.uid]), {"script": script.uid})
    walk = Walkthrough.objects.get()
    assert not ended(row)
    talk = Talk(outcome="reached", summary="設定を一緒に済ませた")
    log_talk(walkthrough=walk, marks=Marks(), talk=talk, by=owner)
    assert ended(row)


def test_a_role_play_does_not_count(given, owner, staff):
    row, script = given("script")
    open_script(asset=script, by=owner, language="ja", partner=staff(Role.SUCCESS))
    assert not ended(row)


def test_a_step_names_an_asset_of_its_kind(owner, workspace):
    guide, script = make(), make_script()
    typed = {"steps-TOTAL_FORMS": "1", "steps-INITIAL_FORMS": "0", "steps-0-words_ja": "設定"}

    def errors(kind: str, thing: str) -> list[str]:
        rows = step_rows(None, typed | {"steps-0-kind": kind, "steps-0-thing": thing})
        return list(rows.forms[0].errors)

    assert errors("guide", guide.uid) == errors("script", script.uid) == errors("action", "") == []
    assert (
        errors("guide", script.uid)
        == errors("guide", "")
        == errors("action", guide.uid)
        == ["thing"]
    )
