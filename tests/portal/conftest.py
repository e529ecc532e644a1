"""A plan ready to be shared, and the two sides of it."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from banso.base.models import Role
from banso.base.workspace import local_today
from banso.engagements.models import Engagement
from banso.goals.actions import set_targets, state_purpose
from banso.goals.share_content import content_of
from banso.goals.sharing import Addressee, Made, make_link
from banso.parties.actions import PersonCard, create_parties
from banso.parties.models import Membership, Party, Person
from tests.engagements.making import make_contract, make_customer
from tests.goals.making import draft, make_metric, measure

WORDS = "月次の締めを三日で終えたい"


@pytest.fixture(autouse=True)
def _nothing_counted(db):
    cache.clear()


@dataclass
class Plan:
    """A customer with a purpose, a target, and a person of theirs."""

    engagement: Engagement
    person: Party
    owner: object

    def link(self, **to: object) -> Made:
        words = {"name": "田中 一郎", "email": "tanaka@aozora.example", "person": self.person}
        content = content_of(self.engagement, local_today())
        addressee = Addressee(**words | to)
        return make_link(engagement=self.engagement, by=self.owner, content=content, to=addressee)


@pytest.fixture
def plan(staff):
    owner = staff(Role.SUCCESS, name="佐藤 花子")
    today = local_today()
    engagement = make_customer("青空商事", owner=owner, touch="high")
    make_contract(engagement, str(today - timedelta(days=90)), str(today + timedelta(days=90)))
    person = create_parties([PersonCard("田中 一郎", email="tanaka@aozora.example")])[0]
    Membership.objects.create(person=person, home=engagement.party, title="部長")
    metric = make_metric(unit="people")
    measure(metric, engagement, str(today - timedelta(days=3)), 4)
    goal = state_purpose(engagement=engagement, by=owner, words=WORDS, said_by=person)
    set_targets(goal=goal, by=owner, targets=[draft(metric, 0, 10, start=2)])
    assert Person.objects.get(party=person).email == "tanaka@aozora.example"
    return Plan(engagement, person, owner)


@dataclass
class OtherSide:
    """Somebody who holds a link."""

    secret: str
    client: Client

    def url(self, name="shared-plan"):
        return reverse(name, args=[self.secret])

    def look(self, **headers):
        return self.client.get(self.url(), headers=headers)

    def ask_code(self):
        return self.client.post(self.url("shared-plan-code"))

    def type_code(self, code):
        return self.client.post(self.url("shared-plan-code"), {"code": code})

    def answer(self, **words):
        return self.client.post(self.url("shared-plan-answer"), words)

    def enter(self):
        """Ask for the code and type it."""
        self.ask_code()
        return self.type_code(mailed_code())


def mailed_code() -> str:
    return re.findall(r"(?m)^(\d{6})$", mail.outbox[-1].body)[0]


@pytest.fixture
def other_side():
    return lambda secret: OtherSide(secret, Client())
