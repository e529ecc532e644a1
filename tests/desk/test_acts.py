"""The daily loop in place: each act answers where it was asked, and can be taken back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from banso.actions.models import Action, Contact, SetAside
from banso.base.models import Activity, Role, Team
from banso.base.workspace import local_today
from banso.goals.models import Standing

HTMX = {"HX-Request": "true"}


@pytest.fixture
def customer(world):
    SetAside.objects.all().delete()
    return world.engagements[0]


def post(client, address: str, data: dict[str, object] | None = None, *, htmx: bool = True):
    return client.post(address, data or {}, headers=HTMX if htmx else {})


def test_the_composer_is_a_fragment_or_a_page(client, customer):
    address = f"/customers/{customer.uid}/contacts/"
    fragment = client.get(address, headers=HTMX)
    assert "<html" not in fragment.text
    assert f'hx-target="#row-{customer.uid}"' in fragment.text
    whole = client.get(address)
    assert "<html" in whole.text
    assert "hx-post" not in whole.text.partition("<main")[2].partition("</main>")[0]


def test_a_contact_with_a_next_step_in_one_post(client, customer, me):
    Contact.objects.all().delete()
    answer = post(
        client,
        f"/customers/{customer.uid}/contacts/",
        {"summary": "更新の意向を確認", "title": "見積を送る", "due": "tomorrow", "rank": "4"},
    )
    assert answer.status_code == 200
    assert f'id="row-{customer.uid}"' in answer.text
    assert ">4</span>" in answer.text
    contact = Contact.objects.get()
    assert (contact.by, contact.channel, contact.summary) == (me, "call", "更新の意向を確認")
    step = contact.actions.get()
    assert (step.owner, step.due_on) == (me, local_today() + timedelta(days=1))
    assert f"/contacts/{contact.uid}/withdraw/" in answer.text


def test_the_row_is_right_at_once(client, customer):
    Contact.objects.all().delete()
    post(client, f"/customers/{customer.uid}/contacts/", {"summary": "電話"})
    assert Standing.objects.get(engagement=customer).last_contact_on == local_today()


def test_a_mistake_comes_back_with_what_was_typed(client, customer):
    answer = post(
        client,
        f"/customers/{customer.uid}/contacts/",
        {"summary": "", "title": "見積を送る", "due": "date", "due_on": "2020-01-01"},
    )
    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == f"#compose-{customer.uid}"
    assert 'value="見積を送る"' in answer.text
    assert answer.text.count("errorlist") == 2


def test_without_javascript_it_leads_back_with_a_message(client, customer):
    answer = client.post(
        f"/customers/{customer.uid}/contacts/",
        {"summary": "電話", "place": "customer"},
        follow=True,
    )
    assert answer.redirect_chain == [(f"/customers/{customer.uid}/", 302)]
    assert "接点を記録しました" in answer.text


def test_taking_a_contact_back(client, customer):
    Contact.objects.all().delete()
    post(client, f"/customers/{customer.uid}/contacts/", {"summary": "電話", "title": "送る"})
    uid = Contact.objects.get().uid
    answer = post(client, f"/contacts/{uid}/withdraw/")
    assert answer.status_code == 200
    assert not Contact.objects.exists()
    assert not customer.actions.filter(title="送る").exists()


def test_later_and_back(client, customer):
    address = f"/customers/{customer.uid}/set-aside/"
    gap = Standing.objects.get(engagement=customer).gap
    answer = post(client, address, {"later": "two_weeks"})
    assert answer.status_code == 200
    row = SetAside.objects.get(engagement=customer, ended_at=None)
    assert row.until == local_today() + timedelta(weeks=2)
    assert row.gap_then == gap
    assert f"/customers/{customer.uid}/resume/" in answer.text
    post(client, f"/customers/{customer.uid}/resume/")
    assert not SetAside.objects.filter(engagement=customer, ended_at=None).exists()


def test_no_concern_needs_its_reason(client, customer):
    address = f"/customers/{customer.uid}/set-aside/"
    assert post(client, address, {"kind": "no_concern"}).status_code == 422
    assert post(client, address, {"kind": "no_concern", "reason": "自動更新"}).status_code == 200
    assert SetAside.objects.get(engagement=customer).reason == "自動更新"


def test_a_step_done_and_reopened_where_it_stands(client, customer, me):
    post(client, f"/customers/{customer.uid}/actions/", {"title": "電話する", "due": "week"})
    step = Action.objects.get(title="電話する")
    answer = post(client, f"/actions/{step.uid}/done/", {"place": "steps"})
    assert f'id="step-{step.uid}"' in answer.text
    assert "<s>電話する</s>" in answer.text
    step.refresh_from_db()
    assert step.closed_as == "done"
    post(client, f"/actions/{step.uid}/reopen/", {"place": "steps"})
    step.refresh_from_db()
    assert step.closed_as == ""


def test_a_step_that_comes_again_says_when(client, customer, me):
    post(
        client,
        f"/customers/{customer.uid}/actions/",
        {"title": "定例会", "due": "tomorrow", "every": "month"},
    )
    step = Action.objects.get(title="定例会")
    assert step.every == "month"
    assert "毎月" in client.get(f"/customers/{customer.uid}/").text
    answer = post(client, f"/actions/{step.uid}/done/", {"place": "steps"})
    following = Action.objects.get(follows=step)
    assert (following.owner, following.closed_as) == (me, "")
    assert "次回の期日は" in answer.text
    moved = {"due": "date", "due_on": following.due_on.isoformat(), "every": ""}
    post(client, f"/actions/{following.uid}/", moved)
    following.refresh_from_db()
    assert (following.every, following.every_from) == ("", None)


def test_a_step_moves_to_another_day(client, customer):
    post(client, f"/customers/{customer.uid}/actions/", {"title": "電話する"})
    step = Action.objects.get(title="電話する")
    day = local_today() + timedelta(days=3)
    answer = post(
        client,
        f"/actions/{step.uid}/",
        {"due": "date", "due_on": day.isoformat(), "place": "steps"},
    )
    assert answer.status_code == 200
    step.refresh_from_db()
    assert step.due_on == day
    post(client, f"/actions/{step.uid}/done/")
    late = post(client, f"/actions/{step.uid}/", {"due": "week"}, htmx=False)
    assert late.status_code == 302


@pytest.mark.parametrize("address", ["contacts", "actions", "set-aside", "resume"])
def test_three_people(staff, sign_in, customer, address):
    """The owner acts, a viewer and another team's success manager may not, nobody invents."""
    url = f"/customers/{customer.uid}/{address}/"
    there = Team.objects.create(name="there")
    assert post(sign_in(staff(Role.VIEWER)), url).status_code == 403
    assert post(sign_in(staff(Role.SUCCESS, team=there)), url).status_code == 403
    assert post(sign_in(staff(Role.MANAGER)), url).status_code in (200, 422)
    assert (
        post(sign_in(staff(Role.MANAGER)), url.replace(customer.uid, "z" * 16)).status_code == 404
    )


def test_every_act_leaves_its_activity(client, customer):
    Activity.objects.all().delete()
    post(client, f"/customers/{customer.uid}/contacts/", {"summary": "電話", "title": "送る"})
    post(client, f"/customers/{customer.uid}/set-aside/", {"later": "week"})
    post(client, f"/customers/{customer.uid}/resume/")
    found = Activity.objects.filter(engagement_id=customer.pk).order_by("id")
    assert [each.verb for each in found] == [
        "contact.recorded",
        "action.added",
        "set_aside.begun",
        "set_aside.ended",
    ]


def test_somebody_elses_contact_is_not_taken_back(client, customer, staff, sign_in):
    post(client, f"/customers/{customer.uid}/contacts/", {"summary": "電話"})
    contact = Contact.objects.get(summary="電話")
    post(sign_in(staff(Role.MANAGER)), f"/contacts/{contact.uid}/withdraw/")
    assert Contact.objects.filter(summary="電話").exists()


def test_a_contact_of_an_hour_ago_stays(client, customer):
    post(client, f"/customers/{customer.uid}/contacts/", {"summary": "電話"})
    old = timezone.now() - timedelta(hours=1, minutes=1)
    Contact.objects.filter(summary="電話").update(recorded_at=old)
    contact = Contact.objects.get(summary="電話")
    answer = post(client, f"/contacts/{contact.uid}/withdraw/")
    assert "取り消せません" in answer.text
    assert Contact.objects.filter(summary="電話").exists()


def test_a_step_done_a_week_ago_stays_done(client, customer):
    post(client, f"/customers/{customer.uid}/actions/", {"title": "電話する"})
    step = Action.objects.get(title="電話する")
    post(client, f"/actions/{step.uid}/done/")
    Action.objects.filter(pk=step.pk).update(closed_at=timezone.now() - timedelta(days=8))
    assert post(client, f"/actions/{step.uid}/reopen/").status_code == 200
    step.refresh_from_db()
    assert step.closed_as == "done"


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("actions", {"title": " "}),
        ("actions", {"title": "見積", "due": "date", "due_on": "いつか"}),
    ],
)
def test_a_step_with_a_mistake_is_not_added(client, customer, address, typed):
    before = Action.objects.count()
    assert post(client, f"/customers/{customer.uid}/{address}/", typed).status_code == 422
    assert Action.objects.count() == before


def test_a_colleague_of_another_team_closes_the_step_given_to_them(
    client, customer, staff, sign_in
):
    there = Team.objects.create(name="there")
    helper, other = staff(Role.SUCCESS, team=there), staff(Role.SUCCESS, team=there)
    words = {"title": "確認", "owner": helper, "due_on": local_today()}
    step = Action.objects.create(engagement=customer, **words)
    assert post(sign_in(other), f"/actions/{step.uid}/done/").status_code == 403
    assert post(sign_in(helper), f"/actions/{step.uid}/done/").status_code == 200
    step.refresh_from_db()
    assert step.closed_as == "done"
