"""A success plan in a real browser: a metric chosen brings its numbers; three presses and it is
agreed."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from banso.base.models import Role
from banso.base.workspace import local_today
from banso.goals.models import Agreement, Target
from banso.parties.actions import PersonCard, create_parties
from banso.parties.models import Membership
from tests.engagements.making import make_contract, make_customer
from tests.goals.making import make_metric, measure
from tests.journeys.conftest import enter

pytestmark = pytest.mark.browser


def test_a_plan_is_written_and_agreed(transactional_db, open_page, staff):
    user = staff(Role.SUCCESS, language="ja")
    today = local_today()
    customer = make_customer("青空商事", owner=user)
    make_contract(customer, str(today - timedelta(days=90)), str(today + timedelta(days=90)))
    person = create_parties([PersonCard("田中 一郎")])[0]
    Membership.objects.create(person=person, home=customer.party)
    metric = make_metric(unit="percent")
    measure(metric, customer, str(today - timedelta(days=3)), 0.25)

    page = open_page()
    enter(page, user.email)
    page.goto(f"/customers/{customer.uid}/plan/")
    page.fill("textarea[name=purpose-words]", "月次の締めを三日で終えたい")
    page.select_option("select[name=targets-0-metric]", metric.uid)
    expect(page.locator("[name=targets-0-start]")).to_have_value("25")
    page.fill("[name=targets-0-floor]", "10")
    page.fill("[name=targets-0-target]", "60")
    page.click("form[action$='/plan/'] button.primary")
    page.wait_for_selector("blockquote:has-text('月次の締めを三日で終えたい')")
    target = Target.objects.get()
    assert (target.start, target.floor, target.target) == (0.25, 0.1, 0.6)

    page.select_option("select[name=agreement-person]", person.uid)
    page.click("button[name=state][value=agreed]")
    page.wait_for_selector("text=田中 一郎さんと合意")
    assert Agreement.objects.get().person == person
