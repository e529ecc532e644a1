"""Retrospectives: about systems, and what follows from them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse

from banso.actions.models import Action
from banso.base.models import Role
from banso.base.workspace import local_today
from banso.cases.models import Outcome, Retrospective
from banso.engagements.actions import restrict
from banso.engagements.models import Contract
from banso.plays.models import BarrierKind
from tests.cases.making import a_run, done
from tests.world import build


@pytest.fixture
def me(staff):
    return staff(Role.SUCCESS, name="佐藤 花子")


@pytest.fixture
def world(me):
    return build(2, me)


@pytest.fixture
def client(sign_in, me):
    return sign_in(me)


def words(**more):
    told = {"title": "ふりかえり", "held_on": local_today().isoformat(), "likely": "手順書の版違い"}
    return told | more


def held(client, query="", **more) -> Retrospective:
    answer = client.post(f"{reverse('retrospective-new')}{query}", words(**more))
    assert answer.status_code == 302, answer.context["page"].form.errors
    return Retrospective.objects.latest("pk")


def follow(client, found, what, **typed):
    return client.post(reverse("retrospective-follow", args=[found.uid]), {"what": what, **typed})


def test_of_an_intervention_a_contract_a_customer_or_nothing(world, me, client):
    row = done(a_run(world.metrics[0], me), world.engagements[0])
    contract = Contract.objects.filter(outcome="renewed").first()
    assert held(client, f"?intervention={row.uid}").intervention == row
    assert held(client, f"?contract={contract.uid}").contract == contract
    assert held(client, f"?customer={world.engagements[1].uid}").engagement == world.engagements[1]
    assert held(client).engagement is None
    assert len(client.get(reverse("retrospectives")).context["page"].rows) == 4
    assert client.get(f"{reverse('retrospective-new')}?contract=gone").status_code == 404


def test_it_is_of_one_thing(world, me):
    row = done(a_run(world.metrics[0], me), world.engagements[0])
    contract = Contract.objects.first()
    with pytest.raises(IntegrityError):
        Retrospective.objects.create(
            title="x",
            held_on=local_today(),
            engagement=row.engagement,
            intervention=row,
            contract=contract,
        )


def test_no_field_asks_who_and_a_colleagues_name_is_gently_told(client, me):
    found = held(client, happened="佐藤さんが連絡を忘れていました。")
    page = client.get(reverse("retrospective", args=[found.uid]))
    assert page.context["page"].colleagues == [me.name]
    typed = words(happened="連絡の順番が決まっていませんでした。")
    client.post(reverse("retrospective-edit", args=[found.uid]), typed)
    again = client.get(reverse("retrospective", args=[found.uid]))
    assert again.context["page"].colleagues == []
    form = client.get(reverse("retrospective-new")).context["page"].form
    assert set(form.fields) == {"title", "held_on", "expected", "happened", "likely", "helped"}


def test_what_follows_is_made_by_its_own_verbs_and_linked(world, me, client):
    row = done(a_run(world.metrics[0], me), world.engagements[0])
    found = held(client, f"?intervention={row.uid}")
    follow(client, found, "play", name="二回目の電話")
    follow(client, found, "kind", name="引き継ぎの抜け")
    due = (local_today() + timedelta(days=7)).isoformat()
    follow(client, found, "action", title="手順書を直す", owner=me.uid, due_on=due)
    play, kind, action = Outcome.objects.all()
    assert (play.play.state, play.play.name) == ("drafted", {"ja": "二回目の電話"})
    assert [each.words["ja"] for each in play.play.versions.get().steps.all()] == ["電話する"]
    assert BarrierKind.objects.get() == kind.kind
    assert Action.objects.get(pk=action.action_id).owner == me
    page = client.get(reverse("retrospective", args=[found.uid])).text
    for text in ("二回目の電話", "引き継ぎの抜け", "手順書を直す"):
        assert text in page


def test_what_cannot_be_made_is_said(client, me):
    found = held(client)
    due = local_today().isoformat()
    follow(client, found, "action", title="直す", owner=me.uid, due_on=due)
    follow(client, found, "play", name="")
    follow(client, found, "nothing")
    assert not Outcome.objects.exists()


def test_of_a_restricted_customer_it_is_for_its_readers(world, me, client, staff, sign_in):
    found = held(client, f"?customer={world.engagements[0].uid}")
    restrict(engagement=world.engagements[0], reason="協議", readers=[], by=me)
    stranger = sign_in(staff(Role.MANAGER, name="歩く 人"))
    assert stranger.get(reverse("retrospective", args=[found.uid])).status_code == 404
    assert stranger.get(reverse("retrospectives")).context["page"].rows == []
    address = f"{reverse('retrospective-new')}?customer={world.engagements[0].uid}"
    assert stranger.get(address).status_code == 404


def test_of_no_customer_others_read_it_and_its_writer_goes_on(client, staff, sign_in):
    found = held(client)
    other = sign_in(staff(Role.SUCCESS, name="鈴木 一郎"))
    assert other.get(reverse("retrospective", args=[found.uid])).status_code == 200
    assert other.post(reverse("retrospective-edit", args=[found.uid]), {}).status_code == 403
