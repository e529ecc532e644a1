"""Every page, in both languages, within its budget of queries however many rows there are."""

import re
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from banso.base.models import Role
from tests.house.alone import each_alone
from tests.house.doors import TABLE, arguments_of
from tests.world import build

READABLE = [line.split()[0] for line in TABLE.strip().splitlines() if "R" in line.split()[4]]
BUDGET = 45
SAME_IN_BOTH = re.compile(
    r"Banso|English|CSV|XLSX|Parquet|URL|MRR|ID|OK|A|B|v\d+|[A-Z]{3}|[\w/+-]+/[\w/]+|\S+@\S+|[a-z_]+\.[a-z]+"
    r"|number-\d|[hjkcnsd?/]|Enter|Esc|Ctrl|admin|j / k|Ctrl \+ Enter"
    r"|[a-z][a-z_]+_(id|at|on|date|minor|amount|name|months)"
)


class Visible(HTMLParser):
    """The texts a reader sees or hears: text nodes, labels, titles, placeholders."""

    SILENT = ("script", "style", "option", "code", "kbd", "pre", "title")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag in self.SILENT or (tag != "html" and dict(attrs).get("lang")):
            self.silent.append(tag)  # what names its own language is not the page's
        for name, value in attrs:
            if name in ("aria-label", "title", "placeholder", "alt") and value:
                self.found.append(value.strip())

    def handle_endtag(self, tag):
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data):
        if not self.silent and data.strip():
            self.found.append(data.strip())


def texts(html: str) -> set[str]:
    reader = Visible()
    reader.feed(html)
    return set(reader.found)


@pytest.fixture
def manager(staff):
    """An administrator sees the most."""
    return staff(Role.ADMIN, name="管理 花子")


@pytest.mark.any_database
def test_every_page_speaks_both_languages(manager, sign_in, subtests):
    world = build(6, manager)
    client = sign_in(manager)
    for name in each_alone(READABLE, [client]):
        with subtests.test(name):
            url = reverse(name, args=arguments_of(name, world, {"viewer": manager}))
            speaks_both(client, name, url, manager)


def speaks_both(client, name, url, manager):
    seen = {}
    for language in ("ja", "en"):
        type(manager).objects.update(language=language)
        answer = client.get(url)
        assert answer.status_code == 200, (name, answer.status_code)
        if not answer.headers["Content-Type"].startswith("text/html"):
            return
        assert "Select an option" not in answer.text  # the framework's own, in English only
        if "<html" in answer.text:
            assert f'<html lang="{language}"' in answer.text
            assert re.search(r"<title>\s*\S+", answer.text)
            assert len(re.findall(r"<h1\b", answer.text)) == 1
        seen[language] = texts(answer.text)
    same = {text for text in seen["ja"] & seen["en"] if re.search(r"[A-Za-z]{2}", text)}
    assert {text for text in same if not SAME_IN_BOTH.fullmatch(text)} == set()


@pytest.mark.any_database
def test_no_page_asks_more_when_there_is_more(manager, sign_in, subtests):
    client = sign_in(manager)
    world = build(6, manager)
    few = counted(client, world, manager, subtests)
    more(world, manager)
    many = counted(client, world, manager, subtests)
    assert {name: few[name] for name in many if many[name] > few[name]} == {}
    assert {name: count for name, count in few.items() if count > BUDGET} == {}


def counted(client, world, manager, subtests) -> dict[str, int]:
    """By page, how many statements it asks when it is opened again."""
    found = {}
    for name in each_alone(READABLE, [client]):
        with subtests.test(name):
            url = reverse(name, args=arguments_of(name, world, {"viewer": manager}))
            client.get(url)
            found[name] = queries(client, url)
    return found


def queries(client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def more(world, owner) -> None:
    """Ten times as many customers beside the ones that are there."""
    from banso.goals.models import Target
    from banso.metrics.models import Metric

    Target.objects.filter(goal__engagement=None).update(ended_at="2026-01-01T00:00Z")
    Metric.objects.filter(key__startswith="number-").update(retired_at="2026-01-01T00:00Z")
    for number, metric in enumerate(Metric.objects.all()):
        metric.key = f"former-{number}"
        metric.save()
    build(60, owner)
