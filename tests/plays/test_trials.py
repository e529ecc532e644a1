"""Small trials: begun in a minute, answered with a button, decided once, rolled out as a play."""

from datetime import timedelta

import pytest
from django.urls import reverse

from banso.assets.models import Showing
from banso.base.models import Notification, Role
from banso.base.workspace import local_today
from banso.engagements.models import Engagement
from banso.plays.models import Play, Trial, TrialGuest
from banso.plays.reminders import remind_of_trials
from banso.plays.trial_actions import (
    Refused,
    TrialSheet,
    begin_trial,
    decide_trial,
    make_play,
    note_reaction,
)
from tests.assets.making import make
from tests.house.test_restricted import hide
from tests.plays.making import a_trial_on
from tests.world import build


@pytest.fixture
def owner(staff):
    return staff(Role.SUCCESS, name="佐藤 花子")


@pytest.fixture
def world(owner):
    return build(12, owner)


def test_six_interactions_from_the_plays_to_a_trial_of_ten(world, owner, sign_in):
    """Small trials, Small trial, the two sentences, the guide, Begin: six."""
    client, guide = sign_in(owner), make()
    assert reverse("trials") in client.get(reverse("plays")).text
    assert reverse("trial-new") in client.get(reverse("trials")).text
    form = client.get(reverse("trial-new")).context["form"]
    typed = {"hypothesis": "初週に見せる", "looked_for": "自分で取り込む", "asset": guide.uid}
    kept = {name: field.initial for name, field in form.fields.items() if field.initial}
    answer = client.post(reverse("trial-new"), kept | form.initial | typed)
    trial = Trial.objects.get()
    assert answer.headers["Location"] == reverse("trial", args=[trial.uid])
    assert trial.guests.count() == 10
    assert trial.version == guide.current
    assert trial.decide_on == local_today() + timedelta(days=14)


def test_the_audience_is_the_largest_stakes_of_those_one_writes_for(world, owner, staff, sign_in):
    stranger = staff(Role.SUCCESS, name="別の 人")
    typed = {"hypothesis": "a", "looked_for": "b", "size": 3, "decide_on": "2099-01-01"}
    assert sign_in(stranger).post(reverse("trial-new"), typed).status_code == 422
    assert not Trial.objects.exists()
    sign_in(owner).post(reverse("trial-new"), typed)
    guests = TrialGuest.objects.values_list("engagement__standing__stake", flat=True)
    stakes = Engagement.objects.values_list("standing__stake", flat=True)
    assert sorted(guests) == sorted(each for each in stakes if each is not None)[-3:]


def test_a_reaction_says_that_they_were_shown_it_once(world, owner, sign_in):
    guide = make()
    trial = a_trial_on(list(Engagement.objects.all()[:3]), by=owner, asset=guide)
    guest, url = trial.guests.all()[0], reverse("trial-react", args=[trial.uid])
    for reaction in ("yes", "no", "no"):
        sign_in(owner).post(url, {"customer": guest.engagement.uid, "reaction": reaction})
    showing = Showing.objects.get()
    assert (showing.engagement, showing.reaction) == (guest.engagement, "not_helped")
    page = sign_in(owner).get(reverse("trial", args=[trial.uid])).context["page"]
    assert (page.line.yes, page.line.no, page.line.unknown) == (0, 1, 2)


def test_it_is_decided_once_and_rolled_out_once(world, owner):
    guide = make()
    trial = a_trial_on(list(Engagement.objects.all()[:2]), by=owner, asset=guide)
    with pytest.raises(Refused, match="open"):
        make_play(trial=trial, by=owner)
    decide_trial(trial=trial, decision="keep", by=owner, words="8件で効いた")
    with pytest.raises(Refused, match="decided"):
        decide_trial(trial=trial, decision="stop", by=owner)
    with pytest.raises(Refused, match="decided"):
        note_reaction(guest=trial.guests.all()[0], reaction="yes", by=owner)
    play = make_play(trial=trial, by=owner)
    assert make_play(trial=trial, by=owner) == play
    [step] = play.versions.get().steps.all()
    assert (step.kind, step.thing, play.state) == ("guide", guide.uid, "drafted")
    assert Play.objects.count() == 1


@pytest.mark.parametrize(("guests", "day", "code"), [(0, 3, "nobody"), (2, 0, "day")])
def test_what_is_no_trial_is_refused(world, owner, guests, day, code):
    sheet = TrialSheet("a", "b", local_today() + timedelta(days=day))
    with pytest.raises(Refused, match=code):
        begin_trial(sheet=sheet, guests=list(Engagement.objects.all()[:guests]), by=owner)


def test_whoever_began_it_is_reminded_once_on_the_day(world, owner):
    trial = a_trial_on(list(Engagement.objects.all()[:2]), by=owner)
    remind_of_trials(trial.decide_on - timedelta(days=1))
    assert not Notification.objects.exists()
    for _ in range(2):
        remind_of_trials(trial.decide_on)
    assert Notification.objects.get().user == owner


def test_a_restricted_guest_is_neither_named_nor_counted(world, owner, staff, sign_in):
    keeper = staff(Role.SUCCESS, name="担当 守")
    hidden = hide(world, keeper, owner)
    trial = a_trial_on([hidden, Engagement.objects.exclude(pk=hidden.pk)[0]], by=owner)
    client = sign_in(owner)
    page = client.get(reverse("trial", args=[trial.uid]))
    assert page.context["page"].line.guests == 1
    assert "カナリア" not in page.text
    answer = client.post(
        reverse("trial-react", args=[trial.uid]), {"customer": hidden.uid, "reaction": "yes"}
    )
    assert answer.status_code == 404
