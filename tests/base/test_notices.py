"""Being told: who hears of what, in which words, and who stops hearing."""

import pytest
from django.urls import reverse

from banso.base import notices
from banso.base.models import Notification, NotificationRule, Role
from banso.base.notice_actions import choose, mark_all_read, mute_customer
from banso.base.notices import lines_of, notify, opened, unread_count
from banso.engagements.actions import assign_owner, restrict
from tests.engagements.making import make_customer

VERB = "owner.assigned"


@pytest.fixture
def me(staff):
    return staff(Role.SUCCESS, name="佐藤 花子")


@pytest.fixture
def boss(staff):
    return staff(Role.MANAGER, name="部長 太郎")


@pytest.fixture
def customer(me):
    return make_customer("青空商事", owner=me)


def tell(users, customer=None, *, actor=None, **words) -> None:
    number = customer.pk if customer else None
    told = {"to": next(iter(users), None)}
    notify(VERB, users, actor=actor, engagement_id=number, detail=told, **words)


def test_the_actor_and_who_left_are_not_told(me, boss, customer, staff):
    gone = staff(name="去った人")
    gone.grants.update(ended_at="2026-01-01T00:00Z")
    tell({me.pk, boss.pk, gone.pk}, customer, actor=boss)
    assert list(Notification.objects.values_list("user", flat=True)) == [me.pk]


def test_the_same_once_is_told_one_time_to_each(me, boss, customer):
    tell({me.pk}, customer, once="due 1")
    tell({me.pk, boss.pk}, customer, once="due 1")
    tell({me.pk}, customer, once="due 2")
    assert Notification.objects.filter(user=me).count() == 2
    assert Notification.objects.filter(user=boss).count() == 1


def test_a_new_owner_is_told_and_the_one_who_did_it_is_not(me, boss, customer, staff):
    other = staff(name="鈴木 一郎")
    assign_owner(engagement=customer, owner=other, by=boss)
    assert unread_count(other) == unread_count(me) == 1
    assert unread_count(boss) == 0
    [line] = lines_of(other, list(other.notifications.all()))
    assert line.text == "青空商事：あなたが担当になりました"
    [line] = lines_of(me, list(me.notifications.all()))
    assert line.text == "青空商事：担当が鈴木 一郎さんに変わりました"
    assert line.href == reverse("customer", args=[customer.uid])


def test_muting_a_customer_or_a_kind(me, customer):
    tell({me.pk}, customer)
    mute_customer(user=me, engagement_id=customer.pk)
    assert unread_count(me) == 0
    tell({me.pk}, customer)
    assert unread_count(me) == 0
    tell({me.pk}, make_customer("別の客"))
    assert unread_count(me) == 1
    choose(user=me, verb=VERB, how=NotificationRule.How.OFF)
    tell({me.pk}, make_customer("また別の客"))
    assert unread_count(me) == 1


def test_a_muted_customer_is_quiet_even_where_the_kind_is_wanted_at_once(me, customer):
    choose(user=me, verb=VERB, how="at_once")
    tell({me.pk}, make_customer("別の客"))
    assert Notification.objects.get().how == "at_once"
    mute_customer(user=me, engagement_id=customer.pk)
    tell({me.pk}, customer)
    assert Notification.objects.count() == 1


def test_opening_the_customer_reads_what_was_told_of_it(me, customer, sign_in):
    tell({me.pk}, customer)
    tell({me.pk}, make_customer("別の客"))
    sign_in(me).get(reverse("customer", args=[customer.uid]))
    assert unread_count(me) == 1
    opened(me, verb="other.verb")
    assert unread_count(me) == 1
    assert mark_all_read(user=me) == 1


def test_who_may_not_read_the_customer_any_more_keeps_nothing(me, boss, customer, sign_in):
    tell({me.pk, boss.pk}, customer)
    restrict(engagement=customer, reason="協議", readers=[], by=me)
    assert not Notification.objects.filter(user=boss).exists()
    tell({boss.pk}, customer)  # told by mistake: not shown either
    page = sign_in(boss).get(reverse("notifications") + "?show=all").text
    assert "青空商事" not in page
    assert unread_count(me) == 1


def test_an_unknown_verb_is_a_mistake_of_the_code(me, customer):
    with pytest.raises(KeyError):
        notify("no.such", {me.pk}, actor=None)


def test_names_are_shown_as_typed_and_never_as_markup(me, sign_in):
    nasty = make_customer('<b onclick="x">& Co')
    tell({me.pk}, nasty)
    [line] = lines_of(me, list(Notification.objects.all()))
    assert line.text.startswith('<b onclick="x">& Co')
    page = sign_in(me).get(reverse("notifications")).text
    assert "&lt;b onclick" in page
    assert "<b onclick" not in page


def test_in_a_mail_the_words_know_no_subject(me, customer, monkeypatch):
    told = notices.WORDINGS[VERB]
    found = []
    monkeypatch.setitem(
        notices.WORDINGS,
        VERB,
        notices.Wording(
            told.template, told.label, "bell", "digest", None, lambda ids: found.append(ids) or {}
        ),
    )
    notify(VERB, {me.pk}, actor=None, engagement_id=customer.pk, subject_id=7)
    rows = list(Notification.objects.all())
    lines_of(me, rows, mail=True)
    assert found == []
    lines_of(me, rows)
    assert found == [{7}]


def test_the_bell_counts_and_its_panel_lists_the_latest(me, customer, sign_in):
    client = sign_in(me)
    assert "通知：未読" not in client.get(reverse("today")).text
    for _ in range(3):
        tell({me.pk}, customer)
    assert "通知：未読3件" in client.get(reverse("today")).text
    panel = client.get(reverse("notifications") + "?panel=1", headers={"HX-Request": "true"}).text
    assert panel.count("青空商事") == 3
    assert "<html" not in panel


def test_the_list_marks_reads_and_mutes(me, boss, customer, sign_in):
    tell({me.pk}, customer)
    tell({me.pk}, customer)
    first, second = me.notifications.order_by("id")
    client = sign_in(me)
    assert sign_in(boss).post(reverse("notification-read", args=[first.uid])).status_code == 404
    client.post(reverse("notification-read", args=[first.uid]))
    assert unread_count(me) == 1
    client.post(reverse("notification-mute", args=[second.uid]), {"what": "customer"})
    assert unread_count(me) == 0
    page = client.get(reverse("notification-choices")).text
    assert "青空商事" in page
    client.post(reverse("notification-unmute"), {"customer": customer.uid})
    assert not NotificationRule.objects.exists()
    client.post(reverse("notification-mute", args=[second.uid]), {"what": "kind"})
    assert NotificationRule.objects.get().verb == VERB


def test_choices_are_kept_and_half_a_quiet_time_is_refused(me, sign_in):
    client, url = sign_in(me), reverse("notification-choices")
    kinds = {f"{verb}-how": told.how for verb, told in notices.WORDINGS.items()}
    times = {"on": "on", "hour": "9", "timezone": "", "quiet_from": "", "quiet_until": ""}
    asked = kinds | times | {f"{VERB}-how": "off", "weekdays": ["1", "3"]}
    assert client.post(url, asked).status_code == 302
    me.refresh_from_db()
    assert (me.mail_times.hour, me.mail_times.weekdays) == (9, [1, 3])
    assert NotificationRule.objects.get().how == "off"
    assert client.post(url, asked | {"quiet_from": "22:00"}).status_code == 422
