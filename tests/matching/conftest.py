"""Customers of three systems whose ids never match, with everything that may hang on them."""

from random import Random

import pytest
from django.utils import timezone

from banso.actions.models import Contact, SetAside
from banso.base.models import Role
from banso.engagements.models import Engagement
from banso.events.models import ExternalId, Source
from banso.goals.models import Goal, Target
from banso.parties.actions import PersonCard, create_parties
from banso.parties.models import Membership, Party
from tests.world import build


@pytest.fixture
def manager(staff):
    return staff(Role.MANAGER, name="部長 太郎")


@pytest.fixture
def crowd(manager):
    """crowd(n, seed): customers and people, tangled; the parties by kind."""

    def make(n: int, seed: int = 1) -> dict[str, list[Party]]:
        rng = Random(seed)
        world = build(n, manager)
        companies = [each.party for each in world.engagements]
        name_ids(world.engagements, rng)
        persons = list(Party.objects.filter(kind="person").order_by("pk"))
        tangle(world.engagements, persons, rng)
        plans(world, rng)
        lonely = create_parties([PersonCard(f"個人 {i}") for i in range(3)])
        for each in lonely[:2]:
            Engagement.objects.create(party=each)
        return {"organization": companies, "person": [*persons, *lonely]}

    return make


def name_ids(engagements, rng):
    sources = [Source.objects.create(key=f"s{i}", name=f"系統{i}") for i in range(3)]
    for each in engagements:
        for source in rng.sample(sources, rng.randint(1, 2)):
            ExternalId.objects.create(
                source=source, kind="account", value=f"{source.key}-{each.pk}", engagement=each
            )


def tangle(engagements, persons, rng):
    """People with several homes and contacts with several people: unique pairs that may clash."""
    for person in persons:
        for home in rng.sample(engagements, 2):
            Membership.objects.get_or_create(person=person, home=home.party)
    for contact in Contact.objects.all():
        contact.people.set(rng.sample(persons, 2))
    for each in engagements[::3]:
        SetAside.objects.filter(engagement=each, ended_at=None).delete()
        SetAside.objects.create(engagement=each, kind="snooze", until=timezone.localdate())


def plans(world, rng):
    for each in rng.sample(world.engagements, len(world.engagements) // 2):
        goal = Goal.objects.create(engagement=each, words="実現したいこと")
        Target.objects.create(
            goal=goal, metric=world.metrics[0], floor=0, target=10, since=timezone.localdate()
        )


@pytest.fixture(autouse=True)
def _without_rounds(monkeypatch):
    """What is computed after a merge is tested by itself."""
    monkeypatch.setattr("banso.engagements.after.AFTER_CHANGE", [])
