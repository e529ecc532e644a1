"""Doors: set-up once, invitations once, sign-in with limits, no way in for anybody else."""

import re
from datetime import timedelta

import pytest
from django.core import mail, signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from banso.base import actions
from banso.base.models import Activity, Invitation, Role, StaffGrant, User, Workspace

PASSWORD = "run alongside every day"
INVITED = {
    "email": "new@example.jp",
    "name": "",
    "role": "viewer",
    "team": None,
    "language": "ja",
}
SET_UP = {
    "workspace_name": "伴走商事",
    "name": "山田 太郎",
    "email": "taro@example.jp",
    "password": PASSWORD,
    "language": "ja",
    "timezone_name": "Asia/Tokyo",
    "currency": "JPY",
}

SETTINGS = {
    "name": "伴走テスト株式会社",
    "language": "ja",
    "timezone": "Asia/Tokyo",
    "currency": "JPY",
    "fiscal_month": "4",
    "fiscal_day": "1",
    "working_days": ["1", "2", "3", "4", "5"],
    "quiet_from": "20:00",
    "quiet_until": "08:00",
}


def key() -> str:
    return signing.dumps("set-up", salt="banso.set-up")


def test_an_empty_installation_sends_everybody_to_its_set_up(client, db):
    assert client.get("/customers/").headers["Location"] == reverse("set-up")
    assert client.get(reverse("set-up")).status_code == 403
    assert client.get(reverse("set-up") + "?key=guess").status_code == 403


def test_the_printed_link_makes_the_workspace_and_its_administrator(client, db):
    response = client.post(f"{reverse('set-up')}?key={key()}", SET_UP)

    assert response.headers["Location"] == "/today/"
    user = User.objects.get()
    assert user.check_password(PASSWORD)
    assert user.grants.get().role == Role.ADMIN
    assert Workspace.objects.get().name == "伴走商事"
    assert client.get(f"{reverse('set-up')}?key={key()}").status_code == 404


@pytest.mark.parametrize(
    ("field", "value"), [("password", "short"), ("email", "nobody"), ("timezone_name", "Mars/Base")]
)
def test_set_up_says_kindly_what_is_wrong_and_makes_nothing(client, db, field, value):
    response = client.post(f"{reverse('set-up')}?key={key()}", SET_UP | {field: value})

    assert response.status_code == 200
    assert response.context["form"].errors[field]
    assert not User.objects.exists()


def test_a_colleague_signs_in_and_out(client, staff):
    user = staff()
    form = {"login": user.email, "password": "a long enough pass phrase"}

    assert client.post(reverse("account_login"), form).headers["Location"] == "/today/"
    assert client.get(reverse("profile")).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("profile")).status_code == 302


def test_the_fifth_wrong_password_closes_the_door_for_a_while(client, staff):
    user = staff()
    for _ in range(5):
        client.post(reverse("account_login"), {"login": user.email, "password": "wrong"})

    right = {"login": user.email, "password": "a long enough pass phrase"}
    assert client.post(reverse("account_login"), right).status_code == 200
    assert client.get(reverse("profile")).status_code == 302


def test_a_user_without_a_grant_sees_nothing(sign_in, staff):
    user = staff()
    StaffGrant.objects.filter(user=user).update(ended_at=timezone.now())

    assert sign_in(user).get(reverse("profile")).status_code == 403


def test_an_invitation_is_mailed_and_opens_once(sign_in, staff, client):
    admin = staff(Role.ADMIN, name="管理 者")
    form = {
        "email": "New@example.jp",
        "name": "鈴木",
        "role": Role.SUCCESS,
        "team_name": "東",
        "language": "ja",
    }

    sign_in(admin).post(reverse("invite"), form)

    sent = mail.outbox[0]
    assert sent.to == ["new@example.jp"]
    path = re.search(r"/invitation/[^/]+/", sent.body).group()
    assert path.split("/")[2] not in str(list(Activity.objects.values()))
    assert client.get(path).status_code == 200
    answer = client.post(path, {"name": "鈴木 一", "password": PASSWORD, "language": "ja"})
    assert answer.headers["Location"] == "/today/"
    grant = StaffGrant.objects.get(user__email="new@example.jp")
    assert (grant.role, grant.team.name) == (Role.SUCCESS, "東")
    assert Client().get(path).status_code == 404


def test_an_invitation_ends_after_seven_days_or_when_withdrawn(staff):
    admin = staff(Role.ADMIN)
    words = {"actor": admin, "name": "", "role": Role.VIEWER, "team": None, "language": "en"}
    old = actions.invite(email="a@example.jp", **words)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    withdrawn = actions.invite(email="b@example.jp", **words)
    actions.withdraw_invitation(actor=admin, invitation=withdrawn.invitation)

    for secret in (old.secret, withdrawn.secret, "invented"):
        with pytest.raises(actions.Refused, match="invitation_closed"):
            actions.accept_invitation(secret=secret, name="x", password=PASSWORD, language="en")


def test_a_second_invitation_replaces_the_first(staff):
    words = {"actor": staff(Role.ADMIN), "name": "", "role": Role.VIEWER, "team": None}
    first = actions.invite(email="a@example.jp", language="en", **words)
    second = actions.invite(email="a@example.jp", language="en", **words)

    assert actions.open_invitation(first.secret) is None
    assert actions.open_invitation(second.secret) == second.invitation


def test_a_colleague_is_not_invited_again(staff):
    admin = staff(Role.ADMIN)

    with pytest.raises(actions.Refused, match="already_staff"):
        actions.invite(
            actor=admin,
            email=admin.email.upper(),
            name="",
            role=Role.ADMIN,
            team=None,
            language="ja",
        )


def test_there_is_always_an_administrator(sign_in, staff):
    admin = staff(Role.ADMIN)
    client = sign_in(admin)

    client.post(reverse("grant", args=[admin.uid]), {"role": Role.VIEWER})
    client.post(reverse("grant", args=[admin.uid]), {"end": "yes"})

    assert admin.grants.get(ended_at=None).role == Role.ADMIN


def test_who_leaves_cannot_come_in_again(sign_in, staff):
    admin, leaver = staff(Role.ADMIN), staff()

    sign_in(admin).post(reverse("grant", args=[leaver.uid]), {"end": "yes"})

    assert sign_in(leaver).get(reverse("profile")).status_code == 302
    assert Activity.objects.filter(verb="grant.ended", subject_id=leaver.pk).exists()


def test_a_new_password_by_mail(client, staff):
    user = staff(language="en")
    client.post(
        reverse("account_reset_password"), {"email": user.email}, headers={"accept-language": "en"}
    )
    link = re.search(r"http://testserver(/password/new/\S+)", mail.outbox[0].body).group(1)

    form = client.get(link, follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD})

    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_an_unknown_address_gets_no_mail_and_no_hint(client, workspace):
    response = client.post(reverse("account_reset_password"), {"email": "x@example.jp"})

    assert response.headers["Location"] == reverse("account_reset_password_done")
    assert not mail.outbox


def test_the_language_is_a_choice_before_and_after_sign_in(client, sign_in, staff):
    client.post(reverse("language"), {"language": "en", "next": "/sign-in/"})
    assert 'lang="en"' in client.get(reverse("account_login")).text

    user = staff(language="ja")
    sign_in(user).post(reverse("language"), {"language": "en", "next": "//evil.example"})
    user.refresh_from_db()
    assert user.language == "en"


def test_settings_are_saved_and_recorded(sign_in, staff):
    admin = staff(Role.ADMIN)
    form = SETTINGS | {"name": "新社名", "language": "en", "currency": "EUR"}

    assert sign_in(admin).post(reverse("settings"), form).status_code == 302

    row = Workspace.objects.get()
    assert (row.name, row.language, row.currency) == ("新社名", "en", "EUR")
    changed = ["currency", "language", "name"]
    assert Activity.objects.get(verb="workspace.changed").detail == {"fields": changed}


def test_two_who_accept_at_once_are_one_colleague_and_one_closed_door(client, staff, monkeypatch):
    invited = actions.invite(actor=staff(Role.ADMIN), **INVITED)
    address = reverse("invitation", args=[invited.secret])
    found = Invitation.objects.get()
    monkeypatch.setattr("banso.base.actions.open_invitation", lambda secret: found)
    told = {"name": "新人", "password": PASSWORD, "language": "ja"}

    assert client.post(address, told).status_code == 302
    assert Client().post(address, told).status_code == 404
    assert User.objects.filter(email=INVITED["email"]).count() == 1


def test_a_line_break_in_a_name_begins_no_header_of_a_mail(sign_in, staff):
    admin = staff(Role.ADMIN, name="森\rBcc: thief@example.com")
    Workspace.objects.update(name="伴走\r\nBcc: thief@example.com")

    answer = sign_in(admin).post(reverse("invite"), INVITED | {"team": "", "role": "viewer"})

    assert answer.status_code == 200
    [sent] = mail.outbox
    assert sent.recipients() == [INVITED["email"]]
    assert len(sent.subject.splitlines()) == 1
    assert "Bcc" not in sent.message()


def test_a_colleague_who_left_sees_nothing_more_with_an_open_session(sign_in, staff):
    admin, leaver = staff(Role.ADMIN), staff(Role.SUCCESS)
    client = sign_in(leaver)
    assert client.get("/customers/").status_code == 200

    actions.end_grant(actor=admin, user=leaver)

    for address in ("/today/", "/customers/export/", "/profile/", "/search/?q=a"):
        assert client.get(address).headers["Location"].startswith("/sign-in/")
        fragment = client.get(address, headers={"HX-Request": "true"})
        assert fragment.headers["HX-Redirect"] == "/sign-in/"


def test_the_way_back_after_signing_in_is_whole_and_ours(staff, client):
    user = staff()
    door = client.get("/customers/?segment=A&next=//evil.example/").headers["Location"]
    told = {"login": user.email, "password": "a long enough pass phrase"}

    answer = client.post(door, told)
    assert answer.headers["Location"] == "/customers/?segment=A&next=//evil.example/"
    for evil in ("//evil.example/", "https://evil.example", "/\\evil.example", "javascript:x"):
        away = Client().post(f"/sign-in/?next={evil}", told | {"next": evil})
        assert away.headers["Location"] == "/today/", evil
