"""The demo's two shared plans: one agreed, one not quite."""

import pytest

from banso.base.models import Role
from banso.base.workspace import local_today
from banso.demo.sharing import share_plans
from banso.goals.actions import state_purpose
from banso.goals.models import Agreement, PlanVersion, Reply, ShareLink
from banso.goals.refresh import refresh_standings
from banso.parties.actions import PersonCard, create_parties
from banso.parties.models import Membership
from tests.engagements.making import make_contract, make_customer


@pytest.mark.parametrize("language", ["ja", "en"])
def test_one_is_agreed_and_one_is_not_quite(staff, language):
    owner, other = staff(Role.SUCCESS), staff(Role.SUCCESS)
    for number, each in enumerate((owner, other, owner, owner)):
        customer = make_customer(f"会社{number}", owner=each)
        make_contract(customer, "2026-01-01", "2027-12-31")
        state_purpose(engagement=customer, by=each, words="…")
        if number:
            [person] = create_parties([PersonCard(f"人{number}", email=f"p{number}@example.jp")])
            Membership.objects.create(person=person, home=customer.party)
    refresh_standings()

    share_plans(language, owner, local_today())
    assert ShareLink.objects.count() == PlanVersion.objects.count() == 2
    assert Agreement.objects.filter(state="agreed", how="link").count() == 1
    assert Reply.objects.get(agreed=False).action.owner == owner
    assert set(ShareLink.objects.values_list("made_by", flat=True)) == {owner.pk}
    sides = {step["side"] for step in PlanVersion.objects.first().content["steps"]}
    assert sides == {"ours", "theirs"}
