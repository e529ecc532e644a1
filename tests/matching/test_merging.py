"""Two made one, and two again: nothing is lost, and nothing is left behind."""

from random import Random

import pytest
from django.db.models import F

from banso.actions.models import Contact
from banso.engagements.access import Merged, engagement_or_404, engagements, merged_ids
from banso.engagements.models import Contract, Engagement, EngagementReader
from banso.events import lake
from banso.events.models import ExternalId
from banso.matching.actions import NotNow, merge, reconsider, reject, undo_merge
from banso.matching.models import Match, Merge
from banso.parties.models import Membership, Party
from tests.matching.state import content, digest


def pair(parties, one=0, other=1):
    return parties["organization"][one], parties["organization"][other]


def test_the_winner_has_what_both_had(crowd, manager):
    winner, loser = pair(crowd(6))
    kept, gone = winner.engagements.get(), loser.engagements.get()
    had = Contract.objects.count(), Contact.objects.count()
    both = [kept.pk, gone.pk]
    contracts = set(Contract.objects.filter(engagement__in=both).values_list("pk", flat=True))

    merge(winner=winner, loser=loser, by=manager)

    assert set(kept.contracts.values_list("pk", flat=True)) == contracts
    assert gone.contracts.count() == 0
    assert (Contract.objects.count(), Contact.objects.count()) == had
    assert set(engagements(manager).values_list("pk", flat=True)) == set(
        Engagement.objects.exclude(pk=gone.pk).values_list("pk", flat=True)
    )
    names = {(row.source, row.account) for row in lake.accounts([kept.pk])}
    ids = ExternalId.objects.filter(engagement=kept).values_list("source_id", "value")
    assert names == set(ids)
    assert str(gone.pk) not in {row.key for row in lake.accounts()}


def test_the_old_address_goes_on_to_the_winner(crowd, manager, sign_in):
    parties = crowd(6)["organization"]
    uids = [each.engagements.get().uid for each in parties[:3]]
    merge(winner=parties[1], loser=parties[0], by=manager)
    merge(winner=parties[2], loser=parties[1], by=manager)

    with pytest.raises(Merged):
        engagement_or_404(manager, uids[0])
    answer = sign_in(manager).get(f"/customers/{uids[0]}/details/")
    assert (answer.status_code, answer.url) == (302, f"/customers/{uids[2]}/details/")
    survivor = parties[2].engagements.get()
    assert len(merged_ids(survivor)) == 3


def test_who_may_not_read_the_winner_is_not_led_to_it(crowd, staff, manager):
    winner, loser = pair(crowd(6))
    stranger = staff("success_manager", name="他 人")
    kept, gone = winner.engagements.get(), loser.engagements.get()
    Engagement.objects.filter(pk=gone.pk).update(
        restricted=True, restricted_reason="極秘", owner=None
    )
    EngagementReader.objects.create(engagement=gone, user=manager)

    done = merge(winner=winner, loser=loser, by=manager)

    kept.refresh_from_db()
    assert (kept.restricted, kept.restricted_reason) == (True, "極秘")
    assert kept.readers.filter(user=manager).exists()
    assert not engagements(stranger).filter(pk=kept.pk).exists()
    undo_merge(done=done, by=manager)
    kept.refresh_from_db()
    assert (kept.restricted, kept.restricted_reason) == (False, "")


def test_a_party_is_merged_once(crowd, manager):
    winner, loser = pair(crowd(6))
    done = merge(winner=winner, loser=loser, by=manager)
    with pytest.raises(NotNow):
        merge(winner=winner, loser=loser, by=manager)
    undo_merge(done=done, by=manager)
    with pytest.raises(NotNow):
        undo_merge(done=done, by=manager)


def test_the_survivor_gets_the_fields_that_were_chosen(crowd, manager):
    winner, loser = pair(crowd(6))
    Party.objects.filter(pk=loser.pk).update(name="山田商事株式会社", name_kana="ヤマダショウジ")
    done = merge(winner=winner, loser=loser, by=manager, sides={"party.name": "loser"})
    winner.refresh_from_db()
    assert (winner.name, winner.name_key, winner.name_kana) == (
        "山田商事株式会社", "山田商事", "ヤマダショウジ",
    )  # fmt: skip
    Party.objects.filter(pk=winner.pk).update(name="人が直した名前")
    undo_merge(done=done, by=manager)
    winner.refresh_from_db()
    assert (winner.name, winner.name_kana) == ("人が直した名前", "")


def test_what_comes_later_stays_with_the_winner(crowd, manager):
    winner, loser = pair(crowd(6))
    done = merge(winner=winner, loser=loser, by=manager)
    before = content()
    kept = winner.engagements.get()
    late = Contact.objects.create(engagement=kept, occurred_at="2026-01-01T00:00Z")
    undo_merge(done=done, by=manager)
    late.refresh_from_db()
    assert late.engagement == kept
    late.delete()
    merge(winner=winner, loser=loser, by=manager)
    assert content() == before


def test_one_person_counts_once(crowd, manager):
    people = crowd(6)["person"]
    sources = list(ExternalId.objects.values_list("source", flat=True).distinct()[:2])
    for source, person in zip(sources, people, strict=False):
        ExternalId.objects.create(source_id=source, kind="person", value="P1", party=person)
    assert lake.same_people() == []
    merge(winner=people[0], loser=people[1], by=manager)
    found = lake.same_people()
    assert {(source, value) for source, value, _ in found} == {(each, "P1") for each in sources}
    assert len({one for _, _, one in found}) == 1
    shown = Membership.objects.filter(person=people[1])
    assert shown.count() == Merge.objects.get().kept - other_rows(people[1])


def other_rows(person):
    return Contact.people.through.objects.filter(party=person).count()


def test_a_rejected_pair_keeps_its_answer_until_it_is_taken_back(crowd, manager):
    left, right = sorted(pair(crowd(6)), key=lambda each: each.pk)
    match = Match.objects.create(kind="organization", left=left, right=right, bits=4)
    reject(match=match, by=manager)
    with pytest.raises(NotNow):
        reject(match=match, by=manager)
    reconsider(match=match, by=manager)
    match.refresh_from_db()
    assert match.state == "pending"


@pytest.mark.parametrize("seed", range(4))
def test_random_merges_and_undos_restore_everything(crowd, manager, seed):
    act_at_random(crowd(14, seed), manager, Random(seed), acts=60)


@pytest.mark.slow
def test_a_thousand_merges_and_undos_restore_everything(crowd, manager):
    rng = Random(99)
    act_at_random(crowd(16, 99), manager, rng, acts=1_000)
    assert 2 * Merge.objects.count() >= 980  # each was merged and undone


def act_at_random(parties, manager, rng, *, acts):
    """Merge and undo in any order, nested; then undo the rest in any order."""
    before = content()
    for _ in range(acts):
        open_ones = list(Merge.objects.filter(undone_at=None))
        if open_ones and rng.random() < 0.45:
            undo_merge(done=rng.choice(open_ones), by=manager)
        else:
            merge_two(parties, manager, rng)
    rest = list(Merge.objects.filter(undone_at=None))
    rng.shuffle(rest)
    for each in rest:
        undo_merge(done=each, by=manager)
    assert content() == before
    assert not Party.objects.filter(merged_into__isnull=False).exists()
    assert not Merge.objects.filter(winner=F("loser")).exists()


def merge_two(parties, manager, rng):
    kind = rng.choice(["organization", "organization", "person"])
    ids = [each.pk for each in parties[kind]]
    there = list(Party.objects.filter(pk__in=ids, merged_into=None))
    if len(there) < 2:
        return
    winner, loser = rng.sample(there, 2)
    names = ("party.name", "party.name_kana", "engagement.owner", "engagement.started_on")
    sides = {name: rng.choice(["winner", "loser"]) for name in names}
    merge(winner=winner, loser=loser, by=manager, sides=sides)


def test_the_digest_sees_a_change(crowd):
    crowd(6)
    before = digest()
    Party.objects.filter(pk=Party.objects.first().pk).update(name="別名")
    assert digest() != before
