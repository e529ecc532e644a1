"""What is printed: the lead's Monday fits one A4 whatever the names are, a pack has a page each."""

from datetime import timedelta

import pytest

from banso.actions.models import Action
from banso.base.models import Role, User
from banso.base.workspace import local_today
from banso.desk.rounds import round_now
from banso.engagements.models import Contract, Engagement
from banso.goals.models import Standing, StandingChange
from banso.parties.models import Party
from tests.journeys.conftest import enter
from tests.world import build

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("language", ["ja", "en"]),
]
LONG = {
    "ja": "株式会社とても長い名前の東京第一総合開発ホールディングス関東統括本部サクセス推進部",
    "en": "The Very Long Named International Consolidated Holdings and Partners Company Ltd",
}


def pages_of(page) -> int:
    """How many pages the browser prints."""
    return page.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n")


@pytest.fixture
def lead(staff, language):
    """A full house: long names everywhere, more of everything than the page holds."""
    user = staff(Role.MANAGER, name=LONG[language][:40], language=language)
    colleagues = [staff(Role.SUCCESS, name=f"{LONG[language][:36]} {n}") for n in range(12)]
    world = build(48, user)
    today = local_today()
    Party.objects.filter(kind="organization").update(name=LONG[language])
    for n, each in enumerate(world.engagements):
        owner = colleagues[n % 12]
        Engagement.objects.filter(pk=each.pk).update(owner=owner)
        gap = 0.9 if n % 2 else 0.1
        Standing.objects.filter(pk=each.pk).update(
            gap=gap, owner=owner, last_contact_on=None, next_on=today + timedelta(days=n % 7)
        )
        StandingChange.objects.create(engagement=each, day=today, gap_before=1 - gap, gap_after=gap)
        Action.objects.create(
            engagement=each, title=LONG[language], owner=owner, due_on=today - timedelta(days=n + 1)
        )
    outcomes = ["churned", "renewed"]
    for n, contract in enumerate(Contract.objects.filter(outcome="")):
        Contract.objects.filter(pk=contract.pk).update(
            outcome=outcomes[n % 2], outcome_known_on=today
        )
    return User.objects.get(pk=user.pk)


def test_monday_is_one_page(open_page, lead, language):
    page = open_page(language=language)
    enter(page, lead.email)
    page.goto("/monday/")
    assert page.locator(".top-ten tbody tr").count() == 10
    assert page.locator(".short").count() == 10
    assert pages_of(page) == 1


def test_a_customers_sheet_is_one_page(open_page, lead, language):
    round_now()
    page = open_page(language=language)
    enter(page, lead.email)
    customer = Engagement.objects.order_by("pk").first()
    page.goto(f"/customers/{customer.uid}/pack/")
    assert pages_of(page) == 1
