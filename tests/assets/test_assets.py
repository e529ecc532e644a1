"""Drafts, versions, pictures, review: what is written and who may publish it."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from banso.assets.actions import (
    Refused,
    Sheet,
    add_picture,
    confirm_review,
    make_asset,
    place_asset,
    publish,
    restore_version,
    retire_asset,
    revise_asset,
)
from banso.assets.models import Asset
from banso.base.models import Activity, Notification
from banso.base.search import found
from banso.base.workspace import local_today
from tests.assets.making import GUIDE, PNG, SCRIPT, make, make_script, picture

WRITTEN = {
    "title_en": "Setting it up",
    "body_en": "# Before\n\nCheck.",
    "title_ja": "",
    "body_ja": "",
}


def refused(code, act, **words):
    with pytest.raises(Refused) as told:
        act(**words)
    assert told.value.code == code


def test_a_draft_is_edited_freely_and_a_version_never_changes(writer):
    asset = make_asset(kind="guide", sheet=GUIDE, by=writer)
    first = publish(asset=asset, by=writer, note="最初", minutes=45)
    other = Sheet(GUIDE.title, {"ja": "別の文", "en": ""}, owner=writer)
    assert revise_asset(asset=asset, sheet=other, revision=2, by=writer)
    asset.refresh_from_db()
    first.refresh_from_db()
    assert (first.body, asset.current, asset.unpublished) == (GUIDE.body, first, True)
    assert publish(asset=asset, by=writer).number == 2
    refused("nothing_new", publish, asset=asset, by=writer)
    restore_version(asset=asset, version=first, by=writer)
    asset.refresh_from_db()
    assert (asset.body, asset.unpublished, asset.current.number) == (GUIDE.body, True, 2)
    verbs = list(Activity.objects.order_by("id").values_list("verb", flat=True))
    assert verbs[:3] == ["asset.made", "asset.published", "asset.revised"]


def test_nobody_writes_over_a_colleague_unseen(writer, manager, sign_in):
    asset = make_asset(kind="guide", sheet=GUIDE, by=writer)
    url = reverse("asset-edit", args=[asset.uid])
    mine, theirs = sign_in(writer), sign_in(manager)
    typed = {**WRITTEN, "revision": "1"}
    assert mine.post(url, typed).status_code == 302
    answer = theirs.post(url, {**typed, "body_en": "Another"})
    assert answer.status_code == 422
    assert "Another" in answer.text
    asset.refresh_from_db()
    assert asset.body["en"] == WRITTEN["body_en"]


def test_what_is_not_there_is_said_at_saving(writer, sign_in):
    client, url = sign_in(writer), reverse("asset-new")
    type(writer).objects.update(language="en")

    def errors(**typed):
        answer = client.post(url, {**WRITTEN, **typed})
        assert answer.status_code == 422
        return answer.text

    assert "Write a title and a text in one language." in errors(title_en="", body_en="")
    assert "Give this text a title." in errors(title_en="")
    assert "There is no picture called none.png." in errors(body_en="![x](none.png)")
    assert "No heading is called #nowhere." in errors(body_en="[x](#nowhere)")
    assert "Begin each step of a script with a heading" in errors(kind="script", body_en="Hello")
    said = errors(kind="template", body_en="Dear {customr}")
    assert "No field is called {customr}. There are: {customer}" in said
    assert not Asset.objects.exists()
    assert (
        client.post(url, {**WRITTEN, "kind": "template", "body_en": "{customer}"}).status_code
        == 302
    )


def test_the_preview_keeps_nothing_and_says_nothing_of_what_is_missing(writer, sign_in):
    answer = sign_in(writer).post(
        reverse("asset-new"), {**WRITTEN, "title_en": "", "preview": "1", "body_en": "**bold**"}
    )
    assert answer.status_code == 200
    assert "<strong>bold</strong>" in answer.text
    assert "errorlist" not in answer.text
    assert not Asset.objects.exists()


def test_a_picture_is_what_its_bytes_say_and_is_never_replaced(writer, sign_in):
    asset = make(by=writer)
    assert picture(asset, "画面 1.exe").name == "画面-1.png"
    refused("name_taken", add_picture, asset=asset, name="画面 1.png", content=PNG, by=None)
    refused("no_picture", add_picture, asset=asset, name="x.png", content=b"<svg/>", by=None)
    client = sign_in(writer)
    answer = client.get(reverse("asset-picture", args=[asset.uid, "画面-1.png"]))
    assert (answer.headers["Content-Type"], answer.content) == ("image/png", PNG)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    url = reverse("asset-pictures", args=[asset.uid])
    file = SimpleUploadedFile("a.png", PNG)
    assert client.post(url, {"picture": file}).status_code == 302
    assert client.post(url, {"picture": SimpleUploadedFile("a.svg", b"<svg/>")}).status_code == 422
    assert client.post(url, {}).status_code == 422


def test_the_overdue_are_listed_with_an_owner_to_ask(writer, manager, sign_in):
    today = local_today()
    asset = make(by=writer)
    Asset.objects.update(owner=writer, review_by=today - timedelta(days=1))
    client = sign_in(manager)
    page = client.get(reverse("assets")).text
    assert "佐藤 花子" in page and "見直し" in page
    for _ in range(2):
        client.post(reverse("asset-ask", args=[asset.uid]))
    told = Notification.objects.get()
    assert (told.user, told.verb) == (writer, "asset.asked")
    confirm_review(asset=asset, until=today + timedelta(days=90), by=writer)
    assert "calendar-x" not in client.get(reverse("assets")).text


def test_search_finds_the_draft_in_both_languages(writer, sign_in):
    asset = make(by=writer)
    assert list(found("asset", "権限")) == [asset.pk]
    assert list(found("asset", "rights")) == [asset.pk]
    client = sign_in(writer)
    assert "はじめての設定" in client.get(reverse("assets"), {"q": "権限"}).text
    assert "はじめての設定" not in client.get(reverse("assets"), {"q": "請求"}).text


def test_what_others_read_is_published_by_managers(writer, manager, sign_in):
    asset = make(by=writer)
    place_asset(asset=asset, audience="public", by=manager)
    url = reverse("asset-publish", args=[asset.uid])
    assert sign_in(writer).get(url).status_code == 403
    assert sign_in(writer).post(reverse("asset-retire", args=[asset.uid])).status_code == 403
    assert sign_in(manager).get(url).status_code == 200


def test_the_other_side_gets_published_pages_only(writer, manager):
    draft = make_asset(kind="guide", sheet=GUIDE, by=writer)
    refused("unpublished", place_asset, asset=draft, audience="public", by=manager)
    refused("no_page", place_asset, asset=make_script(by=writer), audience="public", by=manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        Asset.objects.filter(pk=draft.pk).update(audience="public")
    asset = make(by=writer)
    place_asset(asset=asset, audience="public", by=manager)
    assert list(found("help-en", "rights")) == [asset.pk]
    assert list(found("help-ja", "rights")) == []
    retire_asset(asset=asset, by=manager)
    assert list(found("help-en", "rights")) == []


def test_a_version_tells_what_differs(writer, sign_in):
    asset = make_script(by=writer)
    body = {**SCRIPT.body, "en": SCRIPT.body["en"].replace("Thank them", "Thank her")}
    revise_asset(asset=asset, sheet=Sheet(SCRIPT.title, body), revision=2, by=writer)
    client = sign_in(writer)
    assert "<ins>her</ins>" in client.get(reverse("asset-publish", args=[asset.uid])).text
    client.post(reverse("asset-publish", args=[asset.uid]), {"minutes": "30", "note": "短く"})
    page = client.get(reverse("asset-version", args=[asset.uid, 2])).text
    assert "<del>them</del>" in page and "短く" in page
    client.post(reverse("asset-version", args=[asset.uid, 1]))
    asset.refresh_from_db()
    assert asset.body == SCRIPT.body
