"""A book changes hands: everything goes along, nothing is lost, and it can be taken back."""

from datetime import timedelta

import pytest
import time_machine
from django.db.models import Sum
from django.utils import timezone

from banso.actions.actions import NextStep, add_action, record_contact, set_aside
from banso.actions.models import Action, Contact, SetAside
from banso.base.models import Activity, Notification, Role, StaffGrant, Team
from banso.base.workspace import local_today
from banso.desk.handover import Refused, carry_out, plan_handover, undo, undoable, withdraw
from banso.desk.models import Handover
from banso.desk.rounds import nightly_round
from banso.engagements.models import Contract, Engagement
from banso.goals.actions import state_purpose
from banso.goals.models import Goal, Standing


@pytest.fixture
def lead(staff):
    return staff(Role.ADMIN, name="管理 花子")


@pytest.fixture
def others(staff):
    return [staff(Role.SUCCESS, name=name) for name in ("鈴木 一郎", "高橋 二郎")]


@pytest.fixture
def to(others):
    return others[0]


@pytest.fixture
def boss(sign_in, lead):
    return sign_in(lead)


def state(owner_too: bool = True) -> dict[str, object]:
    """Everything that must be the same before and after, and whose it is."""
    owners = dict(Engagement.objects.values_list("pk", "owner")) if owner_too else {}
    steps = dict(Action.objects.values_list("pk", "owner")) if owner_too else {}
    return {
        "owners": owners,
        "steps": steps,
        "customers": Engagement.objects.count(),
        "open": Action.objects.filter(closed_as="").count(),
        "contacts": sorted(Contact.objects.values_list("pk", "by", "summary")),
        "aside": sorted(SetAside.objects.filter(ended_at=None).values_list("pk", "by", "until")),
        "contracts": Contract.objects.aggregate(n=Sum("annual_minor"))["n"],
        "stake": Standing.objects.aggregate(n=Sum("stake"))["n"],
        "goals": sorted(Goal.objects.values_list("pk", "words")),
    }


def hand_over(world, lead, to, **words):
    shares = {each.pk: to for each in world.engagements}
    leaver = world.engagements[0].owner
    planned = {"by": lead, "leaver": leaver, "shares": shares, "effective_on": local_today()}
    return carry_out(handover=plan_handover(**planned | {"whole": True} | words))


def test_nothing_is_lost_and_everything_open_goes_along(world, me, lead, others):
    [to, _] = others
    state_purpose(engagement=world.engagements[0], by=me, words="全店で使われること")
    closed = Action.objects.filter(owner=me).first()
    Action.objects.filter(pk=closed.pk).update(closed_as="done", closed_at=timezone.now())
    before = state(owner_too=False)
    hand_over(world, lead, to, ends=True)
    assert state(owner_too=False) == before
    assert set(Engagement.objects.values_list("owner", "owner_name")) == {(to.pk, to.name)}
    assert set(Action.objects.filter(closed_as="").values_list("owner", flat=True)) == {to.pk}
    assert Action.objects.get(pk=closed.pk).owner == me


def test_each_customer_keeps_the_record_of_it(world, me, lead, others, sign_in):
    handover = hand_over(world, lead, others[0])
    rows = Activity.objects.filter(verb="engagement.handed_over", subject_id=handover.pk)
    assert set(rows.values_list("engagement_id", flat=True)) == {e.pk for e in world.engagements}
    assert Activity.objects.filter(verb="handover.done").count() == 1
    page = sign_in(others[0]).get(f"/customers/{world.engagements[0].uid}/")
    assert "引き継ぎました" in page.text


def test_the_new_owner_finds_them_in_today_and_by_search(world, me, lead, others, sign_in):
    client = sign_in(others[0])
    assert not client.get("/today/?scope=me").context["page"].rows
    hand_over(world, lead, others[0])
    assert client.get("/today/?scope=me").context["page"].rows
    assert len(client.get("/customers/?q=鈴木").context["page"].lines) == 6
    assert not client.get("/customers/?q=佐藤").context["page"].lines


def test_the_leaver_is_signed_out_and_stays_out(world, me, lead, to, client):
    assert client.get("/today/").status_code == 200
    hand_over(world, lead, to, ends=True)
    assert client.get("/today/").headers["Location"].startswith("/sign-in/")
    typed = {"login": me.email, "password": "a long enough pass phrase"}
    answer = client.post("/sign-in/", typed, follow=True)
    assert "利用を終了しています" in answer.text
    assert client.get("/today/").status_code == 302


def test_steps_on_other_peoples_customers_go_to_those(world, me, lead, others):
    to, keeper = others
    theirs, nobodys = world.engagements[:2]
    Engagement.objects.filter(pk=theirs.pk).update(owner=keeper)
    Engagement.objects.filter(pk=nobodys.pk).update(owner=None)
    Action.objects.all().delete()
    first = add_action(engagement=theirs, by=me, step=NextStep("一", me, local_today()))
    second = add_action(engagement=nobodys, by=me, step=NextStep("二", me, local_today()))
    shares = {each.pk: to for each in world.engagements[2:]}
    handover = plan_handover(
        by=lead, leaver=me, shares=shares, effective_on=local_today(), whole=True, ends=True
    )
    carry_out(handover=handover)
    assert Action.objects.get(pk=first.pk).owner == keeper
    assert Action.objects.get(pk=second.pk).owner == lead


def test_taken_back_everything_is_as_it_was(world, me, lead, others, client):
    before = state()
    handover = hand_over(world, lead, others[0], ends=True)
    assert state() != before
    undo(handover=handover, by=lead)
    assert state() == before
    grant = StaffGrant.objects.get(user=me, ended_at=None)
    assert grant.role == Role.SUCCESS
    me.refresh_from_db()
    assert me.is_active
    with pytest.raises(Refused, match="changed"):
        undo(handover=handover, by=lead)


@pytest.mark.parametrize("what", ["contact", "action", "owner"])
def test_once_somebody_did_something_it_stays(world, me, lead, others, what):
    to, other = others
    handover = hand_over(world, lead, to)
    assert undoable(handover)
    customer = world.engagements[0]
    if what == "contact":
        record_contact(
            engagement=customer,
            by=to,
            channel="call",
            occurred_at=timezone.now(),
            summary="着任の挨拶",
        )
    elif what == "action":
        add_action(engagement=customer, by=to, step=NextStep("挨拶", to, local_today()))
    else:
        Engagement.objects.filter(pk=customer.pk).update(owner=other)
    assert not undoable(handover)
    with pytest.raises(Refused, match="changed"):
        undo(handover=handover, by=lead)
    assert Engagement.objects.filter(owner=to).count() >= 5


def test_on_a_later_day_the_night_carries_it_out(world, me, lead, others):
    to, _ = others
    later = local_today() + timedelta(days=3)
    handover = hand_over_on(world, lead, to, later)
    nightly_round.call(day="today")
    assert Engagement.objects.filter(owner=me).count() == 6
    late = world.engagements[0]
    Engagement.objects.filter(pk=late.pk).update(owner=lead)
    fresh = customer_of(me)
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        nightly_round.call(day="then")
    assert Engagement.objects.filter(owner=to).count() == 6
    assert Engagement.objects.get(pk=late.pk).owner == lead
    assert Engagement.objects.get(pk=fresh.pk).owner == to
    handover.refresh_from_db()
    assert handover.done_at
    assert handover.items.get(engagement=late).skipped == "changed_hands"


def hand_over_on(world, lead, to, day):
    shares = {each.pk: to for each in world.engagements}
    return plan_handover(
        by=lead,
        leaver=world.engagements[0].owner,
        shares=shares,
        effective_on=day,
        whole=True,
    )


def customer_of(owner):
    from tests.engagements.making import make_customer

    return make_customer("あとから商店", owner=owner)


def test_a_plan_is_dropped_and_then_never_done(world, me, lead, others):
    handover = hand_over_on(world, lead, others[0], local_today() + timedelta(days=1))
    withdraw(handover=handover, by=lead)
    with pytest.raises(Refused, match="withdrawn"):
        carry_out(handover=handover)
    assert Engagement.objects.filter(owner=me).count() == 6


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"shares": {}}, "nothing_to_hand_over"),
        ({"to": "leaver"}, "to_the_leaver"),
        ({"to": "viewer"}, "not_in_post"),
        ({"twice": True}, "planned_already"),
        ({"leaver": "admin", "ends": True}, "last_admin"),
    ],
)
def test_what_cannot_be_is_refused(world, lead, staff, words, code):
    me = world.engagements[0].owner
    people = {"leaver": me, "viewer": staff(Role.VIEWER), "admin": lead, "": staff()}
    if "twice" in words:
        hand_over_on(world, lead, people[""], local_today() + timedelta(days=1))
    planned = {
        "by": lead,
        "leaver": people[words.get("leaver", "leaver")],
        "shares": words.get("shares", {world.engagements[0].pk: people[words.get("to", "")]}),
        "effective_on": local_today(),
        "whole": True,
        "ends": "ends" in words,
    }
    with pytest.raises(Refused, match=code):
        plan_handover(**planned)


def test_a_balanced_preview_keeps_kinds_together(world, me, others, boss):
    page = boss.get(f"/staff/{me.uid}/handover/").context["page"]
    assert len(page.offers) == 6
    assert {each.to for each in page.offers} <= set(others) | {page.receivers[0].user}
    kinds = {}
    for each in page.offers:
        kind = (each.engagement.segment, each.engagement.touch)
        kinds.setdefault(kind, set()).add(each.to)
    assert len(kinds) == 6
    assert sum(each.after for each in page.receivers) == pytest.approx(10.2)


def test_by_segment_and_all_to_one(world, me, others, boss):
    first, second = others
    query = f"rule=segment&segment-0={first.uid}&segment-1={second.uid}"
    page = boss.get(f"/staff/{me.uid}/handover/?{query}").context["page"]
    assert {(e.engagement.segment, e.to) for e in page.offers} == {("A", first), ("B", second)}
    page = boss.get(f"/staff/{me.uid}/handover/?rule=one&to={second.uid}").context["page"]
    assert {each.to for each in page.offers} == {second}
    both = f"rule=one&to={first.uid}&to={second.uid}"
    page = boss.get(f"/staff/{me.uid}/handover/?{both}").context["page"]
    assert [each.user for each in page.receivers if each.chosen] == list(
        {each.to for each in page.offers}
    )


def test_through_the_pages(world, me, others, boss, client):
    first, second = others
    odd = world.engagements[0]
    typed = {
        "rule": "one",
        "to": first.uid,
        f"to-{odd.uid}": second.uid,
        "effective_on": local_today().isoformat(),
        "ends": "on",
        "reason": "退職",
    }
    answer = boss.post(f"/staff/{me.uid}/handover/", typed)
    handover = Handover.objects.get()
    assert answer.headers["Location"] == f"/handovers/{handover.uid}/"
    assert Engagement.objects.get(pk=odd.pk).owner == second
    assert Engagement.objects.filter(owner=first).count() == 5
    assert client.get("/today/").status_code == 302
    page = boss.get(f"/handovers/{handover.uid}/")
    assert page.context["page"].undoable
    boss.post(f"/handovers/{handover.uid}/undo/")
    assert Engagement.objects.filter(owner=me).count() == 6


def test_what_was_handed_over_is_found_again(world, me, lead, to, boss):
    done = hand_over(world, lead, to)
    assert f"/handovers/{done.uid}/" in boss.get(f"/staff/{me.uid}/handover/").text


def test_a_manager_may_not_end_anybodys_time_here(world, me, others, staff, sign_in):
    manager = sign_in(staff(Role.MANAGER))
    typed = {"rule": "one", "to": others[0].uid, "effective_on": local_today(), "ends": "on"}
    manager.post(f"/staff/{me.uid}/handover/", typed)
    assert Engagement.objects.filter(owner=others[0]).count() == 6
    assert StaffGrant.objects.filter(user=me, ended_at=None).exists()


def test_one_customer_goes_for_a_reason(world, me, others, client, sign_in):
    customer = world.engagements[0]
    address = f"/customers/{customer.uid}/handover/"
    typed = {"to": others[0].uid, "effective_on": local_today().isoformat(), "note": "社長は早朝型"}
    assert client.post(address, typed).status_code == 422
    client.post(address, typed | {"reason": "担当地域の変更"})
    handover = Handover.objects.get()
    assert Engagement.objects.get(pk=customer.pk).owner == others[0]
    new = sign_in(others[0])
    assert "社長は早朝型" in new.get(f"/customers/{customer.uid}/").text
    assert "担当地域の変更" in new.get(f"/handovers/{handover.uid}/").text


def test_the_leaver_is_asked_what_to_pass_on(world, lead, to, client, sign_in):
    handover = hand_over_on(world, lead, to, local_today() + timedelta(days=9))
    assert f"/handovers/{handover.uid}/" in client.get("/today/").text
    customer = world.engagements[0]
    address = f"/handovers/{handover.uid}/notes/{customer.uid}/"
    assert client.post(address, {"note": "部長は電話を好む"}).status_code == 302
    assert handover.items.get(engagement=customer).note == "部長は電話を好む"
    assert "部長は電話を好む" in client.get(f"/handovers/{handover.uid}/pack/").text
    assert sign_in(to).post(address, {"note": "x"}).status_code == 403


def test_a_stranger_finds_no_hand_over_and_a_receiver_does(world, lead, to, staff, sign_in):
    team = Team.objects.create(name="遠方")
    stranger = staff(Role.SUCCESS, name="他人", team=team)
    handover = hand_over(world, lead, to)
    for path in ("", "pack/"):
        assert sign_in(stranger).get(f"/handovers/{handover.uid}/{path}").status_code == 404
        assert sign_in(to).get(f"/handovers/{handover.uid}/{path}").status_code == 200
    assert sign_in(to).post(f"/handovers/{handover.uid}/undo/").status_code == 403


def test_the_pack_has_a_page_for_each(world, me, lead, others, boss):
    handover = hand_over(world, lead, others[0])
    pack = boss.get(f"/handovers/{handover.uid}/pack/").context["page"]
    assert len(pack.sheets) == 6
    assert all(sheet.contacts and sheet.people and sheet.contract for sheet in pack.sheets)
    alone = boss.get(f"/customers/{world.engagements[0].uid}/pack/").context["page"]
    assert len(alone.sheets) == 1
    assert not alone.book


def test_a_snooze_and_its_author_stay(world, me, lead, others):
    customer = world.engagements[0]
    until = local_today() + timedelta(days=5)
    row = set_aside(engagement=customer, by=me, kind="snooze", until=until)
    hand_over(world, lead, others[0])
    row.refresh_from_db()
    assert (row.ended_at, row.by) == (None, me)


def test_receivers_and_the_leaver_are_told(world, me, lead, others, sign_in):
    later = local_today() + timedelta(days=2)
    handover = hand_over_on(world, lead, others[0], later)
    told = Notification.objects.values_list("user", "verb")
    assert list(told) == [(me.pk, "handover.planned")]
    assert f"/handovers/{handover.uid}/" in sign_in(me).get("/notifications/").text
    carry_out(handover=handover)
    assert told.get(user=others[0]) == (others[0].pk, "handover.done")
    assert "6件のお客様の担当になりました" in sign_in(others[0]).get("/notifications/").text
