"""Pages of segments, stages and what a standard would change."""

from datetime import timedelta

import pytest
from django.urls import reverse

from banso.base.models import Role
from banso.base.workspace import local_today
from banso.core.conditions import All, Is
from banso.goals.actions import adopt_standard
from banso.goals.models import Goal, SegmentFigures, StageMove
from banso.goals.refresh import refresh_standings
from banso.goals.segments import keep_figures
from banso.metrics.models import Segment
from tests.goals.making import draft, labelled, make_metric, measure
from tests.goals.test_pages import history
from tests.goals.test_stages import customer, stages  # noqa: F401
from tests.world import build


@pytest.fixture
def manager(staff):
    return staff(Role.MANAGER, language="en")


@pytest.fixture
def client(manager, sign_in):
    return sign_in(manager)


def typed(field="touch", value="high", **words):
    name = "condition-0-0"
    return {
        "name_en": "High touch",
        "shared": "on",
        "condition-groups": "1",
        "condition-0-match": "all",
        "condition-0-rows": "1",
        f"{name}-field": field,
        f"{name}-way": "is" if field == "touch" else "ge",
        f"{name}-for": f"{field} one",
        f"{name}-value": value,
    } | words


def test_a_segment_is_counted_while_it_is_built_then_saved(client, manager):
    build(9, manager)
    page = client.post("/segments/new/", typed(preview="1")).text
    assert 'class="big">3<' in page.replace("\n", "")
    assert not Segment.objects.exists()
    assert (
        "condition-0-1-field"
        in client.post("/segments/new/", typed() | {"condition-act": "add:condition-0"}).text
    )
    answer = client.post("/segments/new/", typed())
    segment = Segment.objects.get()
    assert answer.headers["Location"] == f"/segments/{segment.uid}/"
    assert segment.condition == {"all": [{"field": "touch", "op": "is", "value": "high"}]}
    assert SegmentFigures.objects.get().customers == 3
    listed = client.get(f"/customers/?segment={segment.uid}").text
    assert listed.count("data-row") == 3
    assert "High touch" in client.get("/segments/").text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"name_en": ""}, "Give the segment a name."),
        ({"field": "seats", "value": "x"}, "Write a number."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_saved(client, words, said):
    answer = client.post("/segments/new/", typed(**words))
    assert answer.status_code == 422
    assert said in answer.text
    assert not Segment.objects.exists()


def test_a_private_segment_is_its_makers(client, manager, staff, sign_in):
    client.post("/segments/new/", {key: v for key, v in typed().items() if key != "shared"})
    uid = Segment.objects.get().uid
    other = sign_in(staff(Role.ADMIN))
    assert other.get(f"/segments/{uid}/").status_code == 404
    assert uid not in other.get("/segments/").text
    viewer = sign_in(staff(Role.VIEWER))
    client.post(f"/segments/{uid}/edit/", typed())
    assert viewer.get(f"/segments/{uid}/").status_code == 200
    assert viewer.post(f"/segments/{uid}/retire/").status_code == 403


def test_a_segment_with_a_standard_keeps_to_what_has_a_history(client, workspace):
    segment = labelled("大手")
    adopt_standard(by=None, segment=segment, targets=[draft(make_metric())])
    answer = client.post(f"/segments/{segment.uid}/edit/", typed("gap", "50"))
    assert answer.status_code == 422
    assert "decide about its own members" in answer.text


def test_figures_hide_what_the_reader_may_not_read(manager, staff, sign_in):
    from banso.engagements.models import Engagement

    world = build(6, manager)
    Engagement.objects.filter(pk=world.engagements[0].pk).update(
        restricted=True, restricted_reason="audit"
    )
    segment = labelled("B")
    keep_figures(local_today())
    assert SegmentFigures.objects.get(segment=segment).customers == 2
    shown = sign_in(staff(Role.VIEWER)).get(f"/segments/{segment.uid}/").text
    assert world.engagements[0].party.name not in shown
    assert world.engagements[0].party.name in sign_in(manager).get(f"/segments/{segment.uid}/").text


def test_the_board_and_the_move_from_it(client, stages):  # noqa: F811
    each = customer("甲", "2026-02-01")
    metric = make_metric()
    adopt_standard(by=None, stage=stages[0], targets=[draft(metric)])
    measure(metric, each, str(local_today() - timedelta(days=1)), 10)
    refresh_standings()
    assert "甲" in client.get("/stages/").text
    page = client.get(f"/customers/{each.uid}/").text
    assert "1 of 1 criteria met" in page
    assert "Move to Adoption" in page
    words = {"stage": stages[1].uid, "on": str(local_today())}
    assert client.post(f"/customers/{each.uid}/stage/", words).status_code == 302
    assert StageMove.objects.get().evidence["met"] == 1
    answer = client.post(f"/customers/{each.uid}/stage/", words | {"on": "2026-01-01"})
    assert (answer.status_code, "later move" in answer.text) == (422, True)
    assert "into Adoption" in client.get(f"/customers/{each.uid}/").text


def test_three_stages_with_one_click_then_many_are_placed(client, workspace):
    client.post(reverse("stages-template"))
    before = [customer("甲"), customer("乙")]
    refresh_standings()
    first = client.get("/stages/program/")
    assert first.status_code == 200
    from banso.goals.models import Stage

    last = Stage.objects.get(position=2)
    client.post(reverse("stages-place"), {"stage": last.uid})
    assert {row.stage for row in StageMove.objects.all()} == {last}
    assert StageMove.objects.count() == len(before)


def test_what_a_standard_would_change_is_shown_before_it_is_adopted(client, workspace):
    metric = make_metric()
    history(metric)
    refresh_standings()
    row = {"targets-0-metric": metric.uid, "targets-0-floor": "3", "targets-0-target": "9"}
    form = {"targets-TOTAL_FORMS": 1, "targets-INITIAL_FORMS": 0, "targets-0-weight": "1"}
    page = client.post("/plans/standard/", row | form | {"preview": "1"}).text
    assert "24 current customers would have it as their plan" in page
    assert "24 renewed and 24 left" in page
    assert not Goal.objects.exists()
    offered = client.post(
        "/plans/standard/", {"preview": "*"} | form | {"targets-TOTAL_FORMS": 0}
    ).text
    assert "judged on the newer half" in offered or "so nothing is claimed" in offered


def test_too_few_outcomes_claim_nothing(client, workspace):
    metric = make_metric()
    history(metric, n=5)
    refresh_standings()
    row = {"targets-0-metric": metric.uid, "targets-0-floor": "3", "targets-0-target": "9"}
    form = {"targets-TOTAL_FORMS": 1, "targets-INITIAL_FORMS": 0, "targets-0-weight": "1"}
    page = client.post("/plans/standard/", row | form | {"preview": "1"}).text
    assert "so nothing is claimed" in page


def test_everybody_is_a_segment_too(client, workspace):
    customer("甲")
    refresh_standings()
    from banso.metrics.segment_actions import SegmentSheet, make_segment

    both = All((All(), Is("touch", "known")))
    segment = make_segment(sheet=SegmentSheet({"ja": "全", "en": "All"}, both), by=None)
    assert client.get(f"/segments/{segment.uid}/").status_code == 200
