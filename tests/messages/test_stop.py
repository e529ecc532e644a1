"""Who wants no more messages gets none: by the link, by one click, or as told to a colleague."""

import pytest
from django.core import mail as mailed
from django.db import transaction
from django.test import Client
from django.urls import reverse

from banso.base.models import Activity
from banso.messages.actions import Refused, try_again
from banso.messages.models import OptOut
from banso.messages.opt_outs import allow, stop
from tests.messages.making import pass_by, person, state, written


@pytest.fixture
def row(busy, customer, tanaka, template, writer):
    return written(customer, template, by=writer)[0]


def link() -> str:
    header = mailed.outbox[-1].extra_headers["List-Unsubscribe"]
    return header.strip("<>").removeprefix("http://localhost:8000")


def test_one_click_in_the_mail_program(row, customer, template, writer, tanaka):
    pass_by()
    client = Client(enforce_csrf_checks=True)
    assert client.post(link(), {"List-Unsubscribe": "One-Click"}).status_code == 200
    found = OptOut.objects.get()
    assert (found.person, found.way, found.message, found.by) == (tanaka, "one_click", row, None)
    assert found.at is not None and found.address == "tanaka@aozora.example"
    [more] = written(customer, template, by=writer, group="hand 2")
    assert state(more) == ("held", "unsubscribed")
    assert pass_by() == 1
    assert Activity.objects.filter(verb="opt_out.begun", engagement_id=customer.pk).count() == 1


def test_the_page_asks_first_and_speaks_both_languages(row):
    pass_by()
    client = Client()
    page = client.get(link())
    assert page.status_code == 200 and '<html lang="ja"' in page.text
    assert "メッセージを止めますか" in page.text and "田中" not in page.text
    client.post(reverse("language"), {"language": "en"})
    assert '<html lang="en"' in client.get(link()).text
    assert not OptOut.objects.exists()
    assert "You get no more messages" in client.post(link()).text
    client.post(reverse("language"), {"language": "ja"})
    assert "お送りしません" in client.get(link()).text
    client.post(link())
    assert OptOut.objects.get().way == "link"


def test_an_invented_or_changed_address_does_nothing(row):
    pass_by()
    client = Client()
    for address in (link()[:-3] + "x/", reverse("message-stop", args=[row.uid])):
        assert client.post(address).status_code == 404
    assert not OptOut.objects.exists()


def test_what_waited_is_held_back_too(row, tanaka, customer, writer):
    stop(person=tanaka, engagement=customer, way="told", by=writer)
    assert pass_by() == 0
    assert state(row) == ("held", "unsubscribed")
    with pytest.raises(Refused, match="unsubscribed"):
        try_again(message=row, by=writer)


def test_it_holds_for_the_address_whoever_else_has_it(row, tanaka, customer, template, writer):
    stop(person=tanaka, engagement=customer, way="told", address="Tanaka@aozora.example")
    twin = person(customer, "田中 二号", "tanaka@Aozora.example")
    [more] = written(customer, template, by=writer, group="hand 2", to=[twin])
    assert state(more) == ("held", "unsubscribed")


def test_asked_again_they_get_messages_and_the_row_stays(row, tanaka, customer, writer):
    assert stop(person=tanaka, engagement=customer, way="told", by=writer)
    with transaction.atomic():
        assert not stop(person=tanaka, engagement=customer, way="link")
    pass_by()
    assert allow(person=tanaka, engagement=customer, by=writer)
    assert not allow(person=tanaka, engagement=customer, by=writer)
    try_again(message=row, by=writer)
    assert pass_by() == 1
    found = OptOut.objects.get()
    assert (found.by, found.ended_by) == (writer, writer)
    assert stop(person=tanaka, engagement=customer, way="link")
    assert OptOut.objects.count() == 2
