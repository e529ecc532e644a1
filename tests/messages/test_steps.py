"""Steps of plays that send: once however the night goes, and what happens where nobody can be."""

import random
from contextlib import suppress

import pytest
from django.core import mail as mailed
from django.db import connection, transaction

from banso.actions.models import Action
from banso.assets.models import Showing
from banso.base.models import Activity
from banso.base.workspace import local_today
from banso.core.conditions import All
from banso.engagements.models import Engagement
from banso.messages.models import Message, Posting
from banso.messages.opt_outs import stop
from banso.plays.actions import StepSheet
from banso.plays.models import StepRun
from banso.plays.rounds import give_plays
from tests.messages.making import at, pass_by
from tests.plays.making import active
from tests.plays.test_kills import Killed, Killer
from tests.world import build

WORDS = {"ja": "手順を送る", "en": "Send the steps"}


@pytest.fixture
def customer(writer):
    return build(1, writer).engagements[0]


@pytest.fixture
def tanaka(customer):
    """Who is there."""
    return customer.party.members.get().person


def sending(template, **words):
    steps = [StepSheet("message", WORDS, thing=template.uid), StepSheet("webhook", WORDS)]
    return active(All(), steps=steps, **words)


def told() -> list[object]:
    written = Message.objects.order_by("engagement", "person")
    posted = Posting.objects.order_by("engagement")
    return [
        list(written.values_list("engagement", "person", "title", "state")),
        list(posted.values_list("engagement", "payload__customer")),
        Action.objects.filter(created_by=None).count(),
    ]


def test_a_play_writes_to_the_main_contact_and_posts(busy, customer, tanaka, template, writer):
    run = sending(template)
    give_plays(local_today())
    [row] = Message.objects.all()
    assert (row.why, row.because, row.by, row.person) == ("play", run.play.name, None, tanaka)
    payload = Posting.objects.get().payload
    assert payload["customer"] == customer.uid and payload["play"] == run.play.uid
    assert "担当" not in str(payload) and "サンプル" not in str(payload)
    assert not Action.objects.filter(created_by=None).exists()
    assert not StepRun.objects.filter(ended_at=None).exists()
    give_plays(local_today())
    assert pass_by() == 1
    assert Showing.objects.get().way == "play"
    assert mailed.outbox[0].reply_to == [writer.email]


def test_where_nobody_can_be_reached_it_becomes_an_action(busy, customer, tanaka, template, writer):
    stop(person=tanaka, engagement=customer, way="told")
    sending(template)
    give_plays(local_today())
    assert Message.objects.get().state == "held"
    action = Action.objects.get(created_by=None)
    assert (action.owner, "手順を送る" in action.title) == (writer, True)
    assert Activity.objects.filter(verb="message.nobody", engagement_id=customer.pk).exists()
    assert pass_by() == 0


@pytest.mark.parametrize("lack", ["people", "template", "owner"])
def test_what_is_lacking_breaks_no_night(busy, customer, template, lack):
    from banso.assets.actions import retire_asset

    sending(template)
    if lack == "people":
        customer.party.members.all().delete()
    if lack == "template":
        retire_asset(asset=template, by=None)
    if lack == "owner":
        customer.party.members.all().delete()
        Engagement.objects.update(owner=None)
    give_plays(local_today())
    made = Action.objects.filter(created_by=None)
    assert made.count() == (lack != "owner")
    assert Posting.objects.count() == 1


def test_a_night_killed_anywhere_writes_each_once(staff, template, writer, monkeypatch):
    from banso.plays import rounds

    monkeypatch.setattr(rounds, "MOST", 1)
    with at():
        build(2, writer)
        sending(template)
        today, counter = local_today(), Killer(0)
        with transaction.atomic(), connection.execute_wrapper(counter):
            give_plays(today)
            whole = told()
            transaction.set_rollback(True)
        assert len(whole[0]) == len(whole[1]) == 2
        for after in random.Random(3).sample(range(1, counter.seen), 12):
            with transaction.atomic():
                with suppress(Killed), connection.execute_wrapper(Killer(after)):
                    give_plays(today)
                give_plays(today)
                assert told() == whole, after
                transaction.set_rollback(True)
