"""Guides behind a private link: for whom they are, and that reading one is noted."""

import pytest
from django.test import Client
from django.urls import reverse

from banso.assets.actions import place_asset
from banso.assets.models import Showing
from tests.assets.making import make


@pytest.fixture
def guide(plan):
    return place_asset(asset=make(by=plan.owner), audience="customers", by=plan.owner)


def test_guides_for_customers_are_behind_the_door(plan, guide):
    made, client = plan.link(), Client()
    for name, words in (("shared-help", []), ("shared-help-page", [guide.uid])):
        answer = client.get(reverse(name, args=[made.secret, *words]))
        assert answer.headers["Location"] == reverse("shared-plan", args=[made.secret])
    assert not Showing.objects.exists()
    assert Client().get(reverse("help-page", args=["ja", guide.uid])).status_code == 404


def test_reading_one_is_noted_once_and_so_is_what_they_say(plan, guide):
    made = plan.link(code_required=False)
    client, url = Client(), reverse("shared-help-page", args=[made.secret, guide.uid])
    home = client.get(reverse("shared-plan", args=[made.secret])).text
    assert reverse("shared-help", args=[made.secret]) in home
    assert "はじめての設定" in client.get(reverse("shared-help", args=[made.secret])).text
    client.get(url, headers={"Sec-Purpose": "prefetch"})
    assert not Showing.objects.exists()
    client.get(url)
    client.get(url)
    client.post(url, {"reaction": "no such"})
    showing = Showing.objects.get()
    assert (showing.way, showing.person, showing.reaction) == ("link", plan.person, "")
    client.post(url, {"reaction": "helped"})
    showing.refresh_from_db()
    assert (showing.reaction, showing.finished_at is not None) == ("helped", True)
    assert "no-store" in client.get(url).headers["Cache-Control"]
