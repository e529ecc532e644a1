"""The queue by hand: answer, later, undo, all the plain ones, merge with, history."""

import pytest
from django.urls import reverse

from banso.base.jobs import run_all
from banso.base.models import Role
from banso.core.matching import Reason
from banso.engagements.models import Engagement
from banso.matching.finding import dump
from banso.matching.models import Match, Merge
from banso.parties.models import Party

SAME = [Reason("same_name", 10.0), Reason("same_domain", 7.0, {"domain": "yamada.co.jp"})]


@pytest.fixture
def pairs(crowd, manager):
    """Three suggestions among six customers, the surest first, the first two of them plain."""
    parties = crowd(6)["organization"]
    rows = [
        Match(
            kind="organization",
            left=parties[i],
            right=parties[i + 1],
            bits=9 - i,
            first=i < 4,
            plain=i < 4,
            reasons=dump(SAME),
        )
        for i in (0, 2, 4)
    ]
    return Match.objects.bulk_create(rows)


def answer(client, match, verb, **words):
    return client.post(
        reverse(f"match-{verb}", args=[match.uid]), words, headers={"HX-Request": "true"}
    )


def test_the_surest_is_shown_with_its_reasons(pairs, manager, sign_in):
    page = sign_in(manager).get("/matches/").text
    assert pairs[0].left.name in page
    assert "yamada.co.jp" in page
    assert page.index(pairs[1].left.name) > page.index("data-list")


def test_an_answer_brings_the_next_at_once(pairs, manager, sign_in):
    client = sign_in(manager)
    found = answer(client, pairs[0], "merge", winner="right")
    assert found.status_code == 200
    assert f'<h2 id="pair" tabindex="-1" autofocus>{pairs[1].left.name}' in found.text
    done = Merge.objects.get()
    assert (done.winner, done.loser) == (pairs[0].right, pairs[0].left)
    found = answer(client, pairs[1], "reject")
    assert f"autofocus>{pairs[2].left.name}" in found.text
    states = list(Match.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["confirmed", "rejected", "pending"]


def test_the_last_answer_is_taken_back_one_after_the_other(pairs, manager, sign_in):
    client = sign_in(manager)
    answer(client, pairs[0], "merge")
    answer(client, pairs[1], "reject")
    for match in (pairs[1], pairs[0]):
        found = client.post(
            reverse("match-undo"), {"kind": "organization"}, headers={"HX-Request": "true"}
        )
        assert f"autofocus>{match.left.name}" in found.text
    assert not Match.objects.exclude(state="pending").exists()
    assert not Party.objects.filter(merged_into__isnull=False).exists()


def test_later_puts_a_pair_at_the_end(pairs, manager, sign_in):
    found = answer(sign_in(manager), pairs[0], "postpone")
    assert f"autofocus>{pairs[1].left.name}" in found.text
    assert pairs[0].left.name in found.text


def test_answered_meanwhile_is_said(pairs, manager, sign_in):
    client = sign_in(manager)
    answer(client, pairs[0], "reject")
    found = client.post(reverse("match-merge", args=[pairs[0].uid]), follow=True)
    assert Match.objects.get(pk=pairs[0].pk).state in ("rejected", "confirmed")
    assert found.status_code == 200


def test_the_plain_ones_are_confirmed_together(pairs, manager, sign_in):
    client = sign_in(manager)
    page = client.get("/matches/alike/").text
    assert pairs[1].left.name in page
    assert pairs[2].left.name not in page
    client.post("/matches/alike/", {"match": [pairs[0].uid, pairs[2].uid]})
    run_all()
    assert [
        each.loser_id in (pairs[0].left_id, pairs[0].right_id) for each in Merge.objects.all()
    ] == [True]


def test_a_success_manager_is_asked_only_about_their_own(pairs, staff, manager, sign_in):
    from banso.base.models import Team

    other = staff(Role.SUCCESS, name="他 部署", team=Team.objects.create(name="別"))
    client = sign_in(other)
    assert pairs[0].left.name not in client.get("/matches/").text
    assert answer(client, pairs[0], "merge").status_code == 404
    assert sign_in(staff(Role.VIEWER)).get("/matches/").status_code == 403


def test_a_restricted_customer_is_not_asked_about(pairs, staff, sign_in):
    colleague = staff(Role.MANAGER, name="別 部長")
    Engagement.objects.filter(party=pairs[0].left).update(
        restricted=True, restricted_reason="極秘", owner=None
    )
    client = sign_in(colleague)
    assert pairs[0].left.name not in client.get("/matches/").text
    assert answer(client, pairs[0], "merge").status_code == 404


def test_two_customers_named_by_hand_are_compared(crowd, manager, sign_in):
    parties = crowd(6)["organization"]
    one, other = (each.engagements.get() for each in parties[:2])
    client = sign_in(manager)
    page = client.get(f"/customers/{one.uid}/merging/", {"q": other.party.name}).text
    assert other.uid in page
    found = client.post(f"/customers/{one.uid}/merging/", {"other": other.uid}, follow=True)
    assert f"autofocus>{one.party.name}" in found.text


def test_history_takes_back(pairs, manager, sign_in):
    client = sign_in(manager)
    answer(client, pairs[0], "merge")
    answer(client, pairs[1], "reject")
    assert pairs[0].left.name in client.get("/merges/").text
    assert pairs[1].left.name in client.get("/merges/?which=rejected").text
    done = Merge.objects.get()
    client.post(reverse("merge-undo", args=[done.uid]))
    client.post(reverse("match-reopen", args=[pairs[1].uid]))
    assert not Match.objects.exclude(state="pending").exists()


def test_the_chosen_fields_are_taken(pairs, manager, sign_in):
    Party.objects.filter(pk=pairs[0].right_id).update(name="選ばれた名前", name_key="選ばれた名前")
    answer(sign_in(manager), pairs[0], "merge", winner="left", **{"party.name": "right"})
    assert Party.objects.get(pk=pairs[0].left_id).name == "選ばれた名前"
