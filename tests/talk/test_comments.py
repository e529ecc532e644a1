"""Comments: who is told, who reads, what may be changed, and that words stay words."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from banso.actions.models import Action, Contact
from banso.base.models import Activity, Notification, Role, StaffGrant
from banso.base.search import found
from banso.engagements.actions import restrict
from banso.talk.access import follows
from banso.talk.actions import About, comment, delete_comment, edit_comment, follow
from banso.talk.models import Comment
from tests.engagements.making import make_customer


@pytest.fixture
def owner(staff):
    return staff(Role.SUCCESS, name="佐藤 花子")


@pytest.fixture
def mate(staff):
    return staff(Role.SUCCESS, name="鈴木 一郎")


@pytest.fixture
def boss(staff):
    return staff(Role.MANAGER, name="部長 太郎")


@pytest.fixture
def customer(owner):
    return make_customer("青空商事", owner=owner)


def told() -> set[tuple[str, str]]:
    return set(Notification.objects.values_list("user__name", "verb"))


def test_who_is_mentioned_and_who_follows_are_told_once_each(customer, owner, mate, boss):
    comment(engagement=customer, by=boss, text="@鈴木 一郎 契約はどう？ @佐藤花子")
    assert told() == {("鈴木 一郎", "comment.mentioned"), ("佐藤 花子", "comment.mentioned")}
    assert Notification.objects.get(user=mate).how == "at_once"
    Notification.objects.all().delete()
    comment(engagement=customer, by=mate, text="順調です")
    assert told() == {("佐藤 花子", "comment.written"), ("部長 太郎", "comment.written")}


def test_who_left_the_thread_hears_no_more_unless_mentioned(customer, owner, mate):
    follow(engagement=customer, by=owner, on=False)
    comment(engagement=customer, by=mate, text="順調です")
    assert told() == set()
    comment(engagement=customer, by=mate, text="@佐藤 花子 見てください")
    assert told() == {("佐藤 花子", "comment.mentioned")}
    assert not follows(owner, customer)


def test_only_those_who_may_read_are_mentioned_or_told(customer, owner, mate, boss):
    follow(engagement=customer, by=mate, on=True)
    restrict(engagement=customer, reason="協議", readers=[], by=owner)
    row = comment(engagement=customer, by=owner, text="@鈴木 一郎 秘密です")
    assert told() == set()
    assert not row.mentions.exists()


def test_who_left_the_company_is_not_mentioned(customer, owner, mate):
    StaffGrant.objects.filter(user=mate).update(ended_at=timezone.now())
    assert not comment(engagement=customer, by=owner, text="@鈴木 一郎").mentions.exists()


def test_editing_tells_only_whom_it_mentions_anew(customer, owner, mate, boss):
    row = comment(engagement=customer, by=owner, text="@鈴木 一郎 見て")
    Notification.objects.all().delete()
    assert edit_comment(comment=row, by=owner, text="@鈴木 一郎 @部長 太郎 見て")
    assert told() == {("部長 太郎", "comment.mentioned")}
    assert not edit_comment(comment=row, by=owner, text="@鈴木 一郎 @部長 太郎 見て")


def test_deleting_blanks_in_place_and_search_forgets(customer, owner):
    row = comment(engagement=customer, by=owner, text="極秘の話")
    assert list(found("comment", "極秘")) == [row.pk]
    assert delete_comment(comment=row, by=owner)
    assert not delete_comment(comment=row, by=owner)
    row.refresh_from_db()
    assert (row.text, row.deleted_at is not None) == ("", True)
    assert list(found("comment", "極秘")) == []
    assert "極秘" not in str(list(Activity.objects.values()))


def test_a_comment_is_about_one_thing(customer, owner):
    action = Action.objects.create(engagement=customer, title="x", owner=owner, due_on="2026-01-01")
    contact = Contact.objects.create(engagement=customer, occurred_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        comment(engagement=customer, by=owner, text="x", about=About(action, contact))


def test_the_page_writes_and_the_timeline_shows_it(customer, owner, mate, sign_in):
    url = reverse("customer-comments", args=[customer.uid])
    page = sign_in(mate).post(url, {"text": "一行目\nhttps://example.jp/ を参照"}, follow=True).text
    assert "コメントしました" in page
    assert '一行目<br><a href="https://example.jp/" rel="noopener noreferrer nofollow"' in page
    assert page.count("一行目") == 2  # the thread and the timeline
    assert sign_in(mate).post(url, {"text": "  "}).status_code == 422
    fragment = sign_in(owner).post(url, {"text": "了解"}, headers={"HX-Request": "true"}).text
    assert "<html" not in fragment
    assert "了解" in fragment


def test_words_never_become_markup(customer, owner, sign_in):
    nasty = '<script>alert(1)</script> <img src=x onerror=alert(1)> https://a.jp/"><b>'
    comment(engagement=customer, by=owner, text=nasty)
    for url in (reverse("customer", args=[customer.uid]), reverse("comments")):
        page = sign_in(owner).get(url).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="https://a.jp/"' in page


def test_a_comment_on_a_step_a_contact_or_the_plan(customer, owner, sign_in):
    action = Action.objects.create(
        engagement=customer, title="資料を送る", owner=owner, due_on="2026-01-01"
    )
    client, url = sign_in(owner), reverse("customer-comments", args=[customer.uid])
    client.post(url, {"text": "誰が送る？", "about": f"action:{action.uid}"})
    row = Comment.objects.get()
    assert row.action == action
    page = client.get(f"{url}?about=action:{action.uid}").text
    assert "誰が送る" in page
    assert "資料を送る" in page
    other = make_customer("別の客")
    wrong = reverse("customer-comments", args=[other.uid])
    assert client.get(f"{wrong}?about=action:{action.uid}").status_code == 404
    assert client.get(f"{url}?about=plan").status_code == 404


def test_the_author_edits_for_a_day_and_managers_delete(customer, owner, mate, boss, sign_in):
    row = comment(engagement=customer, by=owner, text="誤字です")
    edit, delete = (
        reverse("comment-edit", args=[row.uid]),
        reverse("comment-delete", args=[row.uid]),
    )
    assert sign_in(owner).post(edit, {"text": "直しました"}).status_code == 302
    assert sign_in(mate).post(edit, {"text": "x"}).status_code == 404
    assert sign_in(mate).post(delete).status_code == 403
    Comment.objects.update(at=timezone.now() - timedelta(hours=25))
    assert sign_in(owner).get(edit).status_code == 403
    assert sign_in(boss).post(delete).status_code == 302
    page = sign_in(owner).get(reverse("customer", args=[customer.uid])).text
    assert "このコメントは削除されました" in page
    assert "直しました" not in page


def test_search_finds_comments_for_those_who_may_read(customer, owner, mate, sign_in):
    comment(engagement=customer, by=owner, text="値上げの相談")
    url = reverse("search") + "?q=値上げ"
    assert "この語を含むコメントが1件" in sign_in(mate).get(url).text
    assert "値上げの相談" in sign_in(mate).get(reverse("comments") + "?q=値上げ").text
    restrict(engagement=customer, reason="協議", readers=[], by=owner)
    assert "この語を含むコメント" not in sign_in(mate).get(url).text
    assert "値上げの相談" not in sign_in(mate).get(reverse("comments") + "?q=値上げ").text


def test_following_by_button_and_the_menu_of_colleagues(customer, owner, mate, sign_in):
    client = sign_in(mate)
    assert not follows(mate, customer)
    client.post(reverse("follow", args=[customer.uid]), {"on": "1"})
    assert follows(mate, customer)
    offered = client.get(reverse("customer-colleagues", args=[customer.uid])).text
    assert "佐藤 花子" in offered
    assert "鈴木 一郎" not in offered


def test_a_notification_shows_the_words_in_the_product_only(customer, owner, mate):
    from banso.base.notices import lines_of

    comment(engagement=customer, by=owner, text="@鈴木 一郎 社長が交代します")
    rows = list(mate.notifications.all())
    with translation.override("ja"):
        [shown], [mailed] = lines_of(mate, rows), lines_of(mate, rows, mail=True)
    assert "社長が交代します" in shown.text
    assert "社長" not in mailed.text
    assert mailed.text == "青空商事：佐藤 花子さんがあなた宛てにコメントしました"
