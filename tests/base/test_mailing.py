"""Mail: what is in it, when it goes, and that each notification is mailed at most once."""

import smtplib
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail as outbox
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from banso.base import mailing
from banso.base.jobs import run_all
from banso.base.mail_rounds import due_mails
from banso.base.models import Mail, MailTimes, Notification, Role, Workspace
from banso.base.notice_actions import choose, stop_mail
from banso.base.notices import notify
from banso.engagements.actions import restrict
from tests.engagements.making import make_customer

VERB = "owner.assigned"


@pytest.fixture
def me(staff):
    return staff(Role.SUCCESS, name="佐藤 花子")


@pytest.fixture
def customer(me):
    return make_customer("青空商事", owner=me)


def tell(user, customer, **words) -> None:
    told = {"to": user.pk}
    notify(VERB, {user.pk}, actor=None, engagement_id=customer.pk, detail=told, **words)


def pass_by(moment: str) -> int:
    """The worker's look and its jobs at that moment; how many mails are out by then."""
    with time_machine.travel(datetime.fromisoformat(moment), tick=False):
        due_mails()
        run_all()
    return len(outbox.outbox)


def told_at(moment: str, user, customer) -> None:
    with time_machine.travel(datetime.fromisoformat(moment), tick=False):
        tell(user, customer)


def test_one_mail_at_the_hour_and_none_without_news(me, customer):
    told_at("2026-11-24T07:00+09:00", me, customer)
    told_at("2026-11-24T07:10+09:00", me, customer)
    assert pass_by("2026-11-24T07:59+09:00") == 0
    assert pass_by("2026-11-24T08:00+09:00") == 1
    assert pass_by("2026-11-24T08:01+09:00") == 1
    assert pass_by("2026-11-25T08:00+09:00") == 1
    assert Notification.objects.filter(mailed_at=None).count() == 0


def test_what_comes_after_the_mail_waits_for_the_next_working_day(me, customer):
    told_at("2026-11-20T07:00+09:00", me, customer)
    assert pass_by("2026-11-20T08:00+09:00") == 1
    told_at("2026-11-20T10:00+09:00", me, customer)
    for moment in ("20T19:00", "21T09:00", "22T09:00", "23T09:00", "24T07:59"):
        assert pass_by(f"2026-11-{moment}+09:00") == 1, moment  # 23 is Labour Thanksgiving
    assert pass_by("2026-11-24T08:00+09:00") == 2


def test_the_first_day_without_a_mail_does_not_mail_at_noon(me, customer):
    told_at("2026-11-24T12:00+09:00", me, customer)
    assert pass_by("2026-11-24T12:01+09:00") == 0
    assert pass_by("2026-11-25T08:00+09:00") == 1


def test_golden_week_and_new_year_are_quiet(me, customer):
    told_at("2026-05-01T18:00+09:00", me, customer)
    for day in range(2, 7):
        assert pass_by(f"2026-05-{day:02}T09:00+09:00") == 0
    assert pass_by("2026-05-07T08:30+09:00") == 1
    told_at("2026-12-31T18:00+09:00", me, customer)
    for day in (1, 2, 3):
        assert pass_by(f"2027-01-{day:02}T09:00+09:00") == 1
    assert pass_by("2027-01-04T08:00+09:00") == 2


def test_at_once_goes_at_once_even_on_a_holiday_but_never_in_quiet_hours(me, customer):
    choose(user=me, verb=VERB, how="at_once")
    told_at("2026-05-03T21:00+09:00", me, customer)
    assert pass_by("2026-05-03T21:00+09:00") == 0
    assert pass_by("2026-05-04T07:59+09:00") == 0
    assert pass_by("2026-05-04T08:00+09:00") == 1
    told_at("2026-05-04T10:00+09:00", me, customer)
    assert pass_by("2026-05-04T10:00+09:00") == 2
    assert "青空商事：あなたが担当になりました" in outbox.outbox[1].subject


def test_own_quiet_hours_and_zone_come_before_the_companys(me, customer):
    choose(user=me, verb=VERB, how="at_once")
    words = {"quiet_from": time(12), "quiet_until": time(13), "timezone": "Europe/London"}
    MailTimes.objects.create(user=me, **words)
    told_at("2026-11-24T12:30+00:00", me, customer)
    assert pass_by("2026-11-24T12:30+00:00") == 0
    assert pass_by("2026-11-24T13:00+00:00") == 1


def test_a_foreign_zone_on_the_day_its_clocks_change(me, customer):
    MailTimes.objects.create(
        user=me, hour=2, weekdays=[7], timezone="America/New_York", quiet_from=time(22),
        quiet_until=time(22),
    )  # fmt: skip
    told_at("2026-03-07T12:00+09:00", me, customer)
    assert pass_by("2026-03-08T06:59+00:00") == 0
    assert pass_by("2026-03-08T07:00+00:00") == 1
    told_at("2026-10-31T12:00+09:00", me, customer)
    MailTimes.objects.update(hour=1)
    assert pass_by("2026-11-01T05:00+00:00") == 2
    told_at("2026-11-01T05:30+00:00", me, customer)
    assert pass_by("2026-11-01T06:00+00:00") == 2  # one o'clock again


def test_what_was_read_meanwhile_or_may_not_be_read_is_not_mailed(me, customer, staff):
    other = staff(name="鈴木 一郎")
    tell(other, customer)
    tell(me, customer)
    me.notifications.update(read_at=timezone.now())
    restrict(engagement=customer, reason="協議", readers=[], by=me)
    tell(other, customer)
    assert pass_by("2027-01-05T09:00+09:00") == 0


def test_mail_switched_off_or_gone_from_the_company(me, customer, staff):
    other = staff(name="去る人")
    tell(me, customer)
    tell(other, customer)
    stop_mail(user=me)
    other.grants.update(ended_at=timezone.now())
    assert pass_by("2027-01-05T09:00+09:00") == 0


def test_both_parts_in_the_readers_language_without_words_of_the_other_side(me, customer):
    tell(me, customer)
    type(me).objects.filter(pk=me.pk).update(language="en")
    pass_by("2027-01-05T09:00+09:00")
    [message] = outbox.outbox
    html = message.alternatives[0].content
    assert message.to == [me.email]
    assert message.subject == "1 notification · 伴走テスト株式会社"
    for part in (message.body, html):
        assert "青空商事: you are the owner now" in part
        assert f"http://localhost:8000/customers/{customer.uid}/" in part
        assert customer.party.name_key in part or "青空商事" in part
    assert "<li>" not in message.body
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_one_click_ends_mail_without_signing_in(me, customer):
    tell(me, customer)
    pass_by("2027-01-05T09:00+09:00")
    link = outbox.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    path = link.removeprefix("http://localhost:8000")
    client = Client(enforce_csrf_checks=True)
    assert "メールを止めますか" in client.get(path).text
    assert not MailTimes.objects.filter(on=False).exists()
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert MailTimes.objects.get(user=me).on is False
    assert client.get(path[:-3] + "x/").status_code == 404


class Broken(EmailBackend):
    """A mail server that fails where the test says."""

    fails = "open"

    def open(self):
        if self.fails == "open":
            raise ConnectionRefusedError

    def send_messages(self, messages):
        if self.fails == "refused":
            raise smtplib.SMTPRecipientsRefused({"x": (450, b"later")})
        if self.fails == "killed":
            super().send_messages(messages)
            raise KeyboardInterrupt
        if self.fails == "dropped":
            raise smtplib.SMTPServerDisconnected
        return super().send_messages(messages)


@pytest.fixture
def broken(settings, monkeypatch):
    settings.MAILERS = {"default": {"BACKEND": "tests.base.test_mailing.Broken"}}

    def fail(how):
        monkeypatch.setattr(Broken, "fails", how)

    return fail


@pytest.mark.parametrize("how", ["open", "refused"])
def test_what_surely_did_not_go_out_is_tried_again_later(me, customer, broken, how):
    tell(me, customer)
    broken(how)
    assert pass_by("2027-01-05T09:00+09:00") == 0
    mail = Mail.objects.get()
    assert (mail.attempts, mail.sent_at, mail.tried_at) == (1, None, None)
    broken("")
    assert pass_by("2027-01-05T09:04+09:00") == 0
    assert pass_by("2027-01-05T09:05+09:00") == 1
    assert pass_by("2027-01-06T09:00+09:00") == 1


def test_it_is_given_up_after_six_attempts_and_stays_in_the_product(me, customer, broken):
    tell(me, customer)
    broken("open")
    moment = datetime(2027, 1, 5, tzinfo=UTC)
    for hour in range(48):
        pass_by((moment + timedelta(hours=hour)).isoformat())
    mail = Mail.objects.get()
    assert (mail.attempts, mail.next_at, mail.error) == (6, None, "ConnectionRefusedError")
    assert Notification.objects.get().read_at is None


def test_a_worker_killed_while_sending_does_not_send_twice(me, customer, broken):
    tell(me, customer)
    broken("killed")
    with pytest.raises(KeyboardInterrupt):
        pass_by("2027-01-05T09:00+09:00")
    assert len(outbox.outbox) == 1
    broken("")
    for moment in ("05T09:10", "05T11:00", "06T09:00"):
        assert pass_by(f"2027-01-{moment}+09:00") == 1
    assert Notification.objects.get().read_at is None


def test_a_connection_lost_while_sending_does_not_send_twice(me, customer, broken):
    tell(me, customer)
    broken("dropped")
    assert pass_by("2027-01-05T09:00+09:00") == 0
    broken("")
    assert pass_by("2027-01-05T12:00+09:00") == 0
    assert Mail.objects.get().tried_at is not None


@pytest.mark.parametrize("kind", [Mail.Kind.DIGEST, Mail.Kind.AT_ONCE])
def test_a_worker_killed_before_sending_is_followed_by_another(me, customer, kind):
    choose(user=me, verb=VERB, how=kind)
    tell(me, customer)
    with time_machine.travel(datetime(2027, 1, 5, tzinfo=UTC), tick=False):
        day = date(2027, 1, 5) if kind == "digest" else None
        assert mailing.claim(me, kind, timezone.now(), day)
    assert pass_by("2027-01-05T09:16+09:00") == 1
    assert pass_by("2027-01-05T10:00+09:00") == 1


def test_two_workers_with_the_same_mail_send_it_once(me, customer):
    tell(me, customer)
    mail = mailing.claim(me, Mail.Kind.DIGEST, timezone.now(), date(2027, 1, 5))
    assert mailing.deliver(mail)
    assert not mailing.deliver(mail)
    assert len(outbox.outbox) == 1


def test_a_long_list_is_cut_and_counted(me, customer):
    for _ in range(33):
        tell(me, customer)
    pass_by("2027-01-05T09:00+09:00")
    assert outbox.outbox[0].body.count("青空商事") == 30
    assert "ほか3件" in outbox.outbox[0].body


def test_the_preview_says_what_and_when(me, customer, sign_in):
    tell(me, customer)
    with time_machine.travel(datetime(2026, 5, 1, 12, tzinfo=ZoneInfo("Asia/Tokyo")), tick=False):
        page = sign_in(me).get(reverse("notification-digest")).text
    assert "青空商事" in page
    assert "2026年5月7日" in page
    stop_mail(user=me)
    assert "停止中" in sign_in(me).get(reverse("notification-digest")).text


def test_the_company_chooses_its_days_and_quiet_hours(me, customer):
    Workspace.objects.update(working_days=[6], quiet_from=None, quiet_until=None)
    told_at("2026-11-24T07:00+09:00", me, customer)
    assert pass_by("2026-11-25T08:00+09:00") == 0
    assert pass_by("2026-11-28T08:00+09:00") == 1
