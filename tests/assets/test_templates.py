"""A template as one recipient would get it."""

from django.urls import reverse

from banso.actions.actions import NextStep, add_action
from banso.assets.recipients import values_for
from banso.base.workspace import local_today
from banso.engagements.actions import restrict
from banso.goals.actions import state_purpose
from banso.parties.actions import PersonCard, create_parties
from banso.parties.models import Membership
from tests.assets.making import make, make_template


def test_every_field_is_filled_with_what_is_known(writer, customer, sign_in):
    template, today = make_template(by=writer), local_today()
    person = create_parties([PersonCard("田中 一郎")])[0]
    Membership.objects.create(person=person, home=customer.party)
    state_purpose(engagement=customer, by=writer, words="三日で締める", said_on=today)
    step = NextStep("手順を送る", writer, today)
    add_action(engagement=customer, by=writer, step=step)
    values = values_for(customer, person, today=today, language="en")
    assert all(values.values())
    page = (
        sign_in(writer)
        .get(reverse("template-preview", args=[template.uid]), {"for": customer.uid})
        .text
    )
    assert "田中 一郎 様" in page and "三日で締める" in page and "手順を送る" in page
    assert "Dear 田中 一郎" in page
    assert "{" not in page.partition("<article")[2].rpartition("</article>")[0]


def test_what_is_not_known_is_told_and_stays_in_sight(writer, customer, sign_in):
    template = make_template(by=writer)
    url = reverse("template-preview", args=[template.uid])
    page = sign_in(writer).get(url, {"for": customer.uid}).text
    assert "<code>先方のお名前</code>" in page and "<code>next_step</code>" in page


def test_a_recipient_is_found_by_name_and_only_if_one_may_read_them(
    writer, manager, customer, sign_in
):
    from banso.engagements.actions import index_engagements

    index_engagements([customer.pk])
    template, client = make_template(by=writer), sign_in(manager)
    url = reverse("template-preview", args=[template.uid])
    assert "青空商事" in client.get(url, {"q": "青空"}).text
    restrict(engagement=customer, reason="協議", readers=[], by=writer)
    assert "青空商事" not in client.get(url, {"q": "青空"}).text
    assert client.get(url, {"for": customer.uid}).status_code == 404
    assert client.get(reverse("template-preview", args=[make(by=writer).uid])).status_code == 404
