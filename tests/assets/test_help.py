"""Public help pages: what anybody reads, in which language, and what stays inside."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from banso.assets.actions import Sheet, place_asset, publish, retire_asset, revise_asset
from tests.assets.making import GUIDE, PNG, make, picture


@pytest.fixture(autouse=True)
def _nothing_counted(db):
    cache.clear()


@pytest.fixture
def guide(writer, manager):
    asset = make(by=writer)
    return place_asset(asset=asset, audience="public", by=manager)


def pages(language="ja", **words):
    return Client().get(reverse("help-pages", args=[language]), words)


def test_a_public_page_is_read_without_signing_in_each_language_at_its_address(guide):
    for language, title in (("ja", "はじめての設定"), ("en", "Setting it up")):
        assert title in pages(language).text
        answer = Client().get(reverse("help-page", args=[language, guide.uid]))
        assert title in answer.text and f'<html lang="{language}">' in answer.text
        assert 'hreflang="en"' in answer.text and 'hreflang="ja"' in answer.text
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert not answer.cookies
    assert Client().post(reverse("help-page", args=["ja", guide.uid])).status_code == 405
    assert pages("fr").status_code == 404
    assert Client().get(reverse("help")).status_code == 302


def test_the_search_is_of_the_language(guide):
    assert "はじめての設定" in pages("ja", q="権限").text
    assert "はじめての設定" not in pages("ja", q="rights").text
    assert "Setting it up" in pages("en", q="rights").text
    assert "Nothing holds all of these words" in pages("en", q="権限").text


def test_a_page_in_one_language_is_found_by_readers_of_the_other(writer, manager):
    only = make(sheet=Sheet({"en": "Only this"}, {"en": "Text"}), by=writer)
    place_asset(asset=only, audience="public", by=manager)
    listed = pages("ja").text
    assert f'href="/help/en/{only.uid}/" hreflang="en" lang="en"' in listed
    answer = Client().get(reverse("help-page", args=["ja", only.uid]))
    assert answer.headers["Location"] == reverse("help-page", args=["en", only.uid])
    assert "Only this" in pages("ja", q="text").text


def test_a_draft_a_retired_one_and_other_audiences_stay_inside(guide, writer, manager):
    secret = Sheet(GUIDE.title, {**GUIDE.body, "ja": "まだ秘密"})
    guide.refresh_from_db()
    revise_asset(asset=guide, sheet=secret, revision=guide.revision, by=writer)
    url = reverse("help-page", args=["ja", guide.uid])
    assert "まだ秘密" not in Client().get(url).text
    publish(asset=guide, by=manager)
    assert "まだ秘密" in Client().get(url).text
    for audience in ("customers", "internal"):
        place_asset(asset=guide, audience=audience, by=manager)
        assert Client().get(url).status_code == 404
        assert guide.uid not in pages().text and guide.uid not in pages(q="秘密").text
    place_asset(asset=guide, audience="public", by=manager)
    retire_asset(asset=guide, by=manager)
    assert Client().get(url).status_code == 404


def test_only_pictures_that_the_page_shows_go_out(guide, writer, manager):
    picture(guide, "shown.png"), picture(guide, "inside.png")
    sheet = Sheet(GUIDE.title, {"ja": "![画面](shown.png)", "en": ""})
    guide.refresh_from_db()
    revise_asset(asset=guide, sheet=sheet, revision=guide.revision, by=writer)
    publish(asset=guide, by=manager)
    address = reverse("help-picture", args=["ja", guide.uid, "shown.png"])
    assert f'src="{address}"' in Client().get(reverse("help-page", args=["ja", guide.uid])).text
    assert Client().get(address).content == PNG
    assert Client().get(address.replace("shown", "inside")).status_code == 404


def test_what_is_typed_there_is_shown_as_text(guide):
    assert "<script>" not in pages("ja", q="<script>").text
    assert Client().get(reverse("help-page", args=["ja", "nobody"])).status_code == 404
