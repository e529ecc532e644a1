"""A play that is done is told, found by another colleague, and copied to a customer with the same
gap; one that failed is told too, and its barrier lowered. Through HTTP: what counts as a press
are the links and forms that the pages really hold."""

from html.parser import HTMLParser

import pytest
from django.urls import reverse

from banso.actions.actions import close_action
from banso.actions.models import Action
from banso.base.models import Role
from banso.base.workspace import local_today
from banso.cases.models import Case, CaseCopy
from banso.engagements import after
from banso.goals.models import Standing
from banso.plays.models import Barrier, Intervention
from banso.plays.rounds import give_one
from tests.plays.making import active
from tests.world import build


class Forms(HTMLParser):
    """The forms of a page: where each goes, and what it sends when its first button is pressed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.loads: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "form":
            self.found.append((told.get("action", ""), {}))
        elif tag == "input" and self.found and told.get("name"):
            self.found[-1][1].setdefault(told["name"], told.get("value", ""))
        if "load" in (told.get("hx-trigger") or ""):
            self.loads.append(told["href"])

    def to(self, ending: str) -> tuple[str, dict[str, str]]:
        return next(each for each in self.found if each[0].endswith(ending))


@pytest.fixture
def me(staff):
    return staff(Role.SUCCESS, name="佐藤 花子")


@pytest.fixture
def world(me):
    world = build(3, me)
    Standing.objects.update(terms=[{"metric": world.metrics[0].key, "gap": 0.6}])
    return world


def lived_through(world, me, engagement) -> Intervention:
    """The play is given, its action done, and so it is done."""
    run = active(by=me, metric=world.metrics[0], automatic=False)
    row = give_one(play=run.play, engagement=engagement, by=me)
    step = Action.objects.get(step_run__intervention=row)
    close_action(action=step, by=me)
    after.announce([engagement.pk])
    row.refresh_from_db()
    assert row.ended_as == "done"
    return row


def told(client, row, **words) -> Case:
    """From the customer's page of plays: one link, one press."""
    plays = client.get(reverse("customer-plays", args=[row.engagement.uid])).text
    door = reverse("case-new", args=[row.uid])
    assert f'href="{door}"' in plays
    first = client.get(door).context["page"].form.initial
    client.post(door, {**first, **words, "publish": "1"})
    return Case.objects.get(intervention=row)


def test_done_told_found_copied_counted(world, me, staff, sign_in):
    mine, theirs = world.engagements[0], world.engagements[1]
    row = lived_through(world, me, mine)
    Intervention.objects.filter(pk=row.pk).update(after=64.0, after_on=local_today())
    situation = "使い始めたところで止まり、一人しか使っていませんでした。"
    case = told(sign_in(me), row, title="一人目の次", situation=situation)
    colleague = sign_in(staff(Role.SUCCESS, name="鈴木 一郎"))
    asked = {"q": "使い始めで止まっている 小さな会社"}
    assert "一人目の次" in colleague.get(reverse("cases"), asked).text
    assert "64" in colleague.get(reverse("case", args=[case.uid])).text

    panel_url = next(
        each
        for each in Forms(colleague.get(reverse("customer", args=[theirs.uid])).text).loads
        if each.endswith("/cases/")
    )
    panel = colleague.get(panel_url, headers={"HX-Request": "true"}).text
    presses = 1
    copied = colleague.post(*Forms(panel).to("/copy/"))
    assert copied.url == reverse("customer", args=[theirs.uid])
    assert presses <= 2
    assert Action.objects.filter(engagement=theirs, title="電話する").exists()
    assert CaseCopy.objects.get().by.name == "鈴木 一郎"
    assert colleague.get(reverse("case", args=[case.uid])).context["page"].told.reuse == 1


def test_looked_at_first_it_is_two_presses(world, me, sign_in):
    client, theirs = sign_in(me), world.engagements[1]
    case = told(client, lived_through(world, me, world.engagements[0]))
    panel = client.get(reverse("customer-cases", args=[theirs.uid])).text
    link = f"{reverse('case', args=[case.uid])}?for={theirs.uid}"
    assert f'href="{link}"' in panel
    page = client.get(link)
    presses = 2
    client.post(*Forms(page.text).to("/copy/"))
    assert presses <= 2
    assert CaseCopy.objects.get().engagement == theirs


def test_a_failure_is_told_and_its_barrier_lowered(world, me, sign_in):
    client, mine = sign_in(me), world.engagements[0]
    note = {
        "about": "metric:number-0",
        "side": "theirs",
        "kind": "starter-1",
        "words": "権限がない",
    }
    client.post(reverse("barrier-note", args=[mine.uid]), note)
    row = lived_through(world, me, mine)
    Barrier.objects.update(noted_at=row.started_at)
    Intervention.objects.filter(pk=row.pk).update(before=20.0, after=12.0, after_on=local_today())
    case = told(client, row, avoid="権限を確かめる前に操作を教えない。")
    assert case.ending == "failure"
    page = client.get(reverse("case", args=[case.uid])).text
    assert "権限を確かめる前に" in page
    lowering = client.post(*Forms(page).to("/lower/"))
    assert lowering.status_code == 302
    barrier = Barrier.objects.get()
    assert barrier.lowered_at is not None
    beside = client.get(reverse("barrier-cases"), {"kind": barrier.kind.uid})
    assert [each.case for each in beside.context["page"].lines] == [case]
