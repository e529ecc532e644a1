"""Many customers at once: previewed, done row by row where allowed, owners taken back."""

import pytest

from banso.actions.models import Action, SetAside
from banso.base.jobs import run_all
from banso.base.models import Activity, Job, Notification, Role, StaffGrant, Team
from banso.base.workspace import local_today
from banso.desk import bulk as actions
from banso.desk.models import Bulk, BulkRow
from banso.engagements.models import Engagement
from banso.goals.models import Standing


@pytest.fixture
def other(staff):
    return staff(Role.SUCCESS, name="鈴木 一郎")


def ids(world):
    return [each.pk for each in world.engagements]


def ticked(world, count=2):
    return [each.uid for each in world.engagements[:count]]


def test_chosen_looked_at_and_done(client, world, me, other):
    asked = client.get("/customers/bulk/", {"id": ticked(world)})
    assert asked.context["page"].total == 2
    assert "Select an option" not in asked.text
    order = {"id": ticked(world), "verb": "owner", "owner": other.uid}
    seen = client.post("/customers/bulk/", order)
    assert seen.context["page"].preview.changes == 2
    assert Engagement.objects.filter(owner=other).count() == 0
    answer = client.post("/customers/bulk/", order | {"confirmed": "1"})
    bulk = Bulk.objects.get()
    assert answer.headers["Location"] == f"/bulks/{bulk.uid}/"
    assert Engagement.objects.filter(owner=other, owner_name=other.name).count() == 2
    assert Standing.objects.filter(owner=other).count() == 2
    assert len(client.get("/customers/?q=鈴木").context["page"].lines) == 2
    told = Activity.objects.filter(verb__startswith="bulk.")
    assert [each.detail["changed"] for each in told] == [2]
    assert Notification.objects.get(user=other).verb == "bulk.assigned"


def test_all_that_match_on_every_page(client, world, me, other):
    words = {"all": "1", "query": "segment=A", "verb": "touch", "touch": "high"}
    client.post("/customers/bulk/", words | {"confirmed": "1"})
    bulk = Bulk.objects.get()
    assert (bulk.total, bulk.changed, bulk.skipped) == (3, 2, {"same": 1})
    assert set(Engagement.objects.filter(segment="A").values_list("touch", flat=True)) == {"high"}
    assert "件は変わりません" in client.get(f"/bulks/{bulk.uid}/").text


def test_what_belongs_to_another_team_stays(client, world, me, other):
    team = Team.objects.create(name="西")
    StaffGrant.objects.filter(user=other).update(team=team)
    theirs = world.engagements[0]
    Engagement.objects.filter(pk=theirs.pk).update(owner=other)
    bulk = actions.begin(by=me, verb="segment", values={"segment": "大手"}, ids=ids(world))
    assert (bulk.changed, bulk.skipped) == (5, {"not_yours": 1})
    row = bulk.rows.get(engagement=theirs)
    assert (row.state, row.reason) == ("skipped", "not_yours")
    theirs.refresh_from_db()
    assert theirs.segment == "B"


def test_owners_go_back_but_for_those_that_moved_on(client, world, me, other, staff):
    third = staff(Role.SUCCESS, name="高橋 二郎")
    bulk = actions.begin(by=me, verb="owner", values={"owner": other.pk}, ids=ids(world))
    Engagement.objects.filter(pk=world.engagements[0].pk).update(owner=third)
    client.post(f"/bulks/{bulk.uid}/undo/")
    assert Engagement.objects.filter(owner=me).count() == 5
    assert Engagement.objects.get(pk=world.engagements[0].pk).owner == third
    bulk.refresh_from_db()
    assert not actions.undoable(bulk)
    assert actions.undo(bulk=bulk, by=me) == 0


def test_a_step_each_for_its_owner(client, world, me, other):
    Engagement.objects.filter(pk=world.engagements[1].pk).update(owner=other)
    Action.objects.all().delete()
    values = {"title": "新料金の案内", "due_on": local_today().isoformat(), "step_owner": None}
    actions.begin(by=me, verb="action", values=values, ids=ids(world)[:2])
    assert set(Action.objects.values_list("owner", "title")) == {
        (me.pk, "新料金の案内"),
        (other.pk, "新料金の案内"),
    }


def test_set_aside_with_and_without_a_reason(client, world, me):
    values = {"until": "2099-01-01", "reason": ""}
    actions.begin(by=me, verb="set_aside", values=values, ids=ids(world))
    assert SetAside.objects.filter(ended_at=None, kind="snooze").count() == 6
    actions.begin(by=me, verb="set_aside", values=values | {"reason": "休業"}, ids=ids(world))
    assert SetAside.objects.filter(ended_at=None, kind="no_concern").count() == 6


def test_a_stage_for_many(client, world, me):
    from banso.goals.models import Program, Stage, StageMove

    program = Program.objects.create(starts_on=local_today())
    stage = Stage.objects.create(program=program, name={"ja": "定着", "en": "Adopted"})
    actions.begin(by=me, verb="stage", values={"stage": stage.pk}, ids=ids(world))
    assert StageMove.objects.filter(stage=stage).count() == 6


def test_many_are_left_to_the_worker_and_go_on_where_it_stopped(
    client, world, me, other, monkeypatch
):
    monkeypatch.setattr(actions, "FEW", 2)
    bulk = actions.begin(by=me, verb="owner", values={"owner": other.pk}, ids=ids(world))
    assert bulk.done_at is None
    assert "まだ" in client.get(f"/bulks/{bulk.uid}/").text
    first = bulk.rows.order_by("pk").first()
    actions.work(bulk, [first.pk])
    run_all()
    bulk.refresh_from_db()
    assert (bulk.changed, Job.objects.filter(status="done").exists()) == (6, True)
    assert not BulkRow.objects.filter(state="waiting").exists()


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"verb": "owner"}, "owner"),
        ({"verb": "touch", "touch": "warm"}, "touch"),
        ({"verb": "action", "title": "x"}, "due_on"),
        ({"verb": "set_aside", "until": "2020-01-01"}, "until"),
        ({"verb": "stage"}, "stage"),
    ],
)
def test_what_is_missing_is_said(client, world, words, field):
    answer = client.post("/customers/bulk/", {"id": ticked(world), "confirmed": "1"} | words)
    assert answer.status_code == 422
    assert field in answer.context["page"].form.errors
    assert not Bulk.objects.exists()


def test_a_result_is_for_whoever_asked(world, me, other, sign_in, staff):
    bulk = actions.begin(by=me, verb="touch", values={"touch": "high"}, ids=ids(world))
    assert sign_in(other).get(f"/bulks/{bulk.uid}/").status_code == 404
    assert sign_in(staff(Role.MANAGER)).get(f"/bulks/{bulk.uid}/").status_code == 200
