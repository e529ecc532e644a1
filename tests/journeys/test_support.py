"""From a falling customer to a case, and from a guide tried on ten customers to a play for all.
Through HTTP: what counts as a press are the links and forms that the pages really hold."""

from datetime import timedelta

import pytest
from django.urls import reverse

from banso.actions.models import Contact
from banso.assets.actions import Sheet, publish, revise_asset
from banso.assets.models import Showing
from banso.base.models import Role
from banso.base.workspace import local_today
from banso.cases.models import Case
from banso.core.conditions import Is
from banso.engagements.models import Engagement
from banso.plays.models import Intervention, Play, Trial
from banso.plays.rounds import give_plays
from tests.assets.making import GUIDE, make, make_script
from tests.journeys.test_case import Forms
from tests.plays.making import StepSheet, active
from tests.world import build


@pytest.fixture
def me(staff):
    return staff(Role.MANAGER, name="佐藤 花子")


def test_a_falling_customer_is_suggested_a_play_called_by_its_script_and_told_as_a_case(
    me, sign_in
):
    world, script = build(12, me), make_script(by=me)
    step = StepSheet("script", {"ja": "声をかける", "en": "Call them"}, thing=script.uid)
    active(Is("gap", "ge", 0.3), by=me, steps=[step], automatic=False, metric=world.metrics[0])
    give_plays(local_today())
    client = sign_in(me)

    today = Forms(client.get(reverse("today")).text)
    taken_up = today.to("/accept/")
    client.post(*taken_up)  # one press

    row = Intervention.objects.get(uid=taken_up[0].split("/")[2])
    home = reverse("customer", args=[row.engagement.uid])
    page = client.get(home).text
    assert "スクリプトに沿って話す：声をかける" in page
    assert f'name="script" value="{script.uid}"' in page
    opened = client.post(
        reverse("script-open", args=[row.engagement.uid]), {"script": script.uid}
    ).headers["Location"]
    talk = {"outcome": "reached", "channel": "call", "summary": "設定を一緒に済ませた"}
    assert client.post(opened, talk | {"tick": ["1", "2"]}).headers["Location"] == home

    row.refresh_from_db()
    assert row.ended_as == "done"
    assert Contact.objects.latest("pk").summary == "設定を一緒に済ませた"
    Intervention.objects.filter(pk=row.pk).update(after=80.0, after_on=local_today())
    door = reverse("case-new", args=[row.uid])
    told = client.get(door).context["page"].form.initial
    client.post(door, {**told, "title": "声をかけたら動いた", "publish": "1"})
    case = Case.objects.get()
    assert (case.intervention, case.ending) == (row, "success")
    assert "声をかけたら動いた" in client.get(reverse("cases")).text


def test_a_guide_is_tried_on_ten_adjusted_and_rolled_out(me, sign_in):
    build(12, me)
    guide, client = make(by=me), sign_in(me)

    first = tried(client, guide, reacted=3)
    client.post(reverse("trial-decide", args=[first.uid]), {"decision": "adjust", "words": "長い"})
    sheet = Sheet(GUIDE.title, {**GUIDE.body, "ja": "# 準備\n\n一つだけ確かめます。"})
    revise_asset(asset=guide, sheet=sheet, revision=guide.revision, by=me)
    guide.refresh_from_db()
    second_version = publish(asset=guide, by=me)

    second = tried(client, guide, reacted=8)
    assert second.version == second_version
    client.post(reverse("trial-decide", args=[second.uid]), {"decision": "keep"})
    rolled = client.post(*Forms(client.get(reverse("trial", args=[second.uid])).text).to("/play/"))
    play = Play.objects.get()
    assert rolled.headers["Location"] == reverse("play-edit", args=[play.uid])
    start = {"first_step": "一社に見せる", "first_step_by": local_today() + timedelta(days=7)}
    client.post(reverse("play-activate", args=[play.uid]), start)
    give_plays(local_today())
    assert Intervention.objects.filter(play=play).count() == Engagement.objects.count()


def tried(client, guide, *, reacted: int) -> Trial:
    """A trial of ten, so many of whom reacted as was looked for; the others did not."""
    form = client.get(reverse("trial-new")).context["form"]
    kept = {name: field.initial for name, field in form.fields.items() if field.initial}
    typed = {"hypothesis": "初週に見せる", "looked_for": "自分で取り込む", "asset": guide.uid}
    client.post(reverse("trial-new"), kept | form.initial | typed)
    trial = Trial.objects.latest("pk")
    for number, guest in enumerate(trial.guests.all()):
        word = {"customer": guest.engagement.uid, "reaction": "yes" if number < reacted else "no"}
        client.post(reverse("trial-react", args=[trial.uid]), word)
    page = client.get(reverse("trial", args=[trial.uid])).context["page"]
    assert (page.line.yes, page.line.unknown) == (reacted, 0)
    assert Showing.objects.filter(version=trial.version).count() == 10
    return trial
