"""Colleagues through HTTP: another role, the end, and what is refused."""

import pytest
from django.urls import reverse

from banso.base import actions
from banso.base.models import Activity, Invitation, Role, StaffGrant, Team

INVITED = {"email": "new@example.jp", "role": Role.SUCCESS, "team_name": "", "language": "ja"}


@pytest.fixture
def admin(staff):
    return staff(Role.ADMIN, name="管理 者")


@pytest.fixture
def client(admin, sign_in):
    return sign_in(admin)


def test_another_role_and_team_hold_at_once(client, staff, sign_in):
    colleague, team = staff(Role.VIEWER), Team.objects.create(name="東")
    theirs = sign_in(colleague)
    assert theirs.get(reverse("new-customer")).status_code == 403
    client.post(reverse("grant", args=[colleague.uid]), {"role": Role.SUCCESS, "team": team.pk})
    assert theirs.get(reverse("new-customer")).status_code == 200
    old, new = colleague.grants.order_by("id")
    assert (old.role, old.ended_at is None) == (Role.VIEWER, False)
    assert (new.role, new.team, new.ended_at) == (Role.SUCCESS, team, None)


def test_the_same_role_again_changes_and_records_nothing(client, staff):
    colleague = staff(Role.VIEWER)
    client.post(reverse("grant", args=[colleague.uid]), {"role": Role.VIEWER})
    assert colleague.grants.count() == 1
    assert not Activity.objects.filter(verb="grant.changed").exists()


@pytest.mark.parametrize("typed", [{}, {"role": "owner"}, {"role": Role.ADMIN, "team": "0"}])
def test_a_role_that_is_none_is_said_on_the_page(client, staff, typed):
    colleague = staff(Role.VIEWER)
    answer = client.post(reverse("grant", args=[colleague.uid]), typed)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert colleague.grants.get().role == Role.VIEWER


def test_the_last_administrator_is_told_why_not(client, admin):
    answer = client.post(reverse("grant", args=[admin.uid]), {"end": "yes"}, follow=True)
    assert [m.level_tag for m in answer.context["messages"]] == ["error"]
    assert StaffGrant.objects.get(user=admin).ended_at is None


def test_who_has_left_is_not_found_and_does_not_leave_twice(client, admin, staff):
    leaver = staff()
    client.post(reverse("grant", args=[leaver.uid]), {"end": "yes"})
    assert client.get(reverse("grant", args=[leaver.uid])).status_code == 404
    actions.end_grant(actor=admin, user=leaver)
    assert Activity.objects.filter(verb="grant.ended").count() == 1


def test_an_invitation_with_a_mistake_keeps_what_was_typed(client):
    answer = client.post(reverse("invite"), INVITED | {"email": "nobody", "name": "鈴木"})
    assert answer.status_code == 422
    assert 'value="鈴木"' in answer.text
    assert not Invitation.objects.exists()


def test_inviting_a_colleague_again_says_so(client, admin):
    answer = client.post(reverse("invite"), INVITED | {"email": admin.email}, follow=True)
    assert [m.level_tag for m in answer.context["messages"]] == ["error"]
    assert not Invitation.objects.exists()


def test_a_withdrawn_link_is_closed_and_withdrawing_twice_is_one_act(client, admin):
    words = {"name": "", "role": Role.VIEWER, "team": None, "language": "ja"}
    invited = actions.invite(actor=admin, email="v@example.jp", **words)
    for _ in range(2):
        client.post(reverse("withdraw-invitation", args=[invited.invitation.uid]))
    assert Activity.objects.filter(verb="invitation.withdrawn").count() == 1
    link = reverse("invitation", args=[invited.secret])
    assert client.get(link).status_code == 404
    with pytest.raises(actions.Refused, match="invitation_closed"):
        actions.accept_invitation(secret=invited.secret, name="誰か", password=None, language="ja")


def test_a_second_set_up_is_refused(admin):
    with pytest.raises(actions.Refused, match="already_set_up"):
        actions.set_up(
            workspace_name="x",
            language="ja",
            timezone_name="Asia/Tokyo",
            currency="JPY",
            email="b@example.jp",
            name="b",
            password=None,
        )


def test_the_profile_is_saved_and_says_so(client, admin):
    typed = {"name": "新しい 名前", "language": "en", "theme": "dark"}
    answer = client.post(reverse("profile"), typed, follow=True)
    assert [m.level_tag for m in answer.context["messages"]] == ["success"]
    admin.refresh_from_db()
    assert (admin.name, admin.language, admin.theme) == ("新しい 名前", "en", "dark")


def test_a_manager_finds_the_exchange_rates_and_an_administrator_too(client, staff, sign_in):
    address = reverse("exchange-rates")
    assert f'href="{address}"' in client.get(reverse("settings")).text
    assert sign_in(staff(Role.MANAGER)).get(address).status_code == 200
