"""The frame around every page, error pages, the theme, and the colours' contrast."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

STATIC = Path(__file__).parents[2] / "src" / "banso" / "web" / "static" / "web"


def frame(**context):
    return render_to_string("web/layout.html", context)


def test_the_frame_says_its_language_and_theme():
    html = frame()
    assert '<html lang="en" data-theme="auto">' in html
    assert '<a class="skip" href="#main">' in html
    assert '<main class="page" id="main" tabindex="-1">' in html
    with translation.override("ja"):
        assert '<html lang="ja"' in frame()
        assert "本文へ移動" in frame()


def test_synthetic_data_is_said_on_every_page():
    assert "Synthetic data" in frame(workspace=SimpleNamespace(name="X", synthetic=True))
    assert "Synthetic data" not in frame(workspace=SimpleNamespace(name="X", synthetic=False))


def test_the_navigation_marks_where_we_are():
    items = [
        SimpleNamespace(label="Today", url="/today/", icon="sun", active=True, badge=3),
        SimpleNamespace(label="<b>", url="/c/", icon="users", active=False),
    ]
    html = frame(nav=items)
    assert '<a href="/today/" aria-current="page">' in html
    assert '<span class="count">3</span>' in html
    assert html.count("aria-current") == 1
    assert "&lt;b&gt;" in html


def test_messages_are_a_live_region_and_what_needs_a_person_is_marked():
    html = frame(messages=[Message(constants.ERROR, "<no>"), Message(constants.SUCCESS, "yes")])
    region = re.search(r'<div class="toasts".*?<template', html, re.DOTALL)[0]
    assert 'aria-live="polite"' in region
    assert region.count('"notice attention"') == 1
    assert region.count('"notice accent"') == 1
    assert "&lt;no&gt;" in region


def test_messages_reach_a_page_that_htmx_changes():
    html = render_to_string("web/messages.html", {"request": SimpleNamespace(htmx=True)})
    assert 'hx-swap-oob="beforeend"' in html
    assert "hx-swap-oob" not in render_to_string("web/messages.html")


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_error_pages_need_nothing_and_speak_both_languages(name):
    english = render_to_string(f"{name}.html")
    with translation.override("ja"):
        japanese = render_to_string(f"{name}.html")
    heading = re.compile(r"<h1>(.+)</h1>")
    assert heading.search(english)[1] != heading.search(japanese)[1]
    assert re.search(r"[ぁ-ん]", heading.search(japanese)[1])
    assert 'href="/"' in english


def test_a_theme_is_kept_in_a_cookie_and_with_the_user(client, sign_in, staff):
    answer = client.post(reverse("theme"), {"theme": "dark", "next": "/sign-in/"})
    assert answer.headers["Location"] == "/sign-in/"
    assert client.cookies["banso_theme"].value == "dark"
    user = staff()
    sign_in(user).post(reverse("theme"), {"theme": "light"})
    user.refresh_from_db()
    assert user.theme == "light"


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "javascript:1", ""])
def test_a_theme_never_leads_away(client, workspace, target):
    answer = client.post(reverse("theme"), {"theme": "dark", "next": target})
    assert answer.headers["Location"] == "/"


def test_a_theme_is_posted_and_known(client, workspace):
    assert client.get(reverse("theme")).status_code == 405
    assert client.post(reverse("theme"), {"theme": "pink"}).status_code == 404


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def tokens(place):
    css = (STATIC / "banso.css").read_text("utf-8")
    found = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", css)
    return {name: pair[place] for name, *pair in found}


TEXT = [
    (ink, paper)
    for ink in ("ink", "ink-soft", "ink-faint", "indigo", "indigo-strong", "vermilion")
    for paper in ("paper", "sheet", "sunk")
] + [
    ("on-indigo", "indigo"),
    ("on-indigo", "indigo-strong"),
    ("indigo-strong", "indigo-wash"),
    ("vermilion", "vermilion-wash"),
    ("ink", "indigo-wash"),
]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "paper"), TEXT)
def test_text_can_be_read(theme, ink, paper):
    colours = tokens(theme)
    assert contrast(colours[ink], colours[paper]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("paper", ["paper", "sheet", "sunk"])
def test_edges_of_controls_can_be_seen(theme, paper):
    colours = tokens(theme)
    assert contrast(colours["rule-strong"], colours[paper]) >= 3
