"""Writing to people of a customer, the lists, and who may."""

import re

import pytest
from django.core import mail as mailed
from django.urls import reverse

from banso.base.models import Role, Team
from banso.engagements.actions import restrict
from banso.messages.models import Bounce, Message, OptOut
from banso.messages.people import main_readers, readers_at
from tests.engagements.making import make_customer
from tests.messages.making import pass_by, person, written


@pytest.fixture
def client(busy, writer, sign_in):
    return sign_in(writer)


@pytest.fixture
def strangers(staff, sign_in):
    """Somebody of another team, signed in."""
    there = Team.objects.create(name="there")
    return lambda role: sign_in(staff(role, name="よその人", team=there))


def typed(page: str) -> dict[str, str]:
    letter = re.search(r'name="letter" value="(\w+)"', page)
    return {"letter": letter[1] if letter else ""}


def fields(client, customer, template, *people) -> dict[str, object]:
    page = client.get(reverse("message-write", args=[customer.uid])).text
    said = template.current
    texts = {
        f"{part}_{each}": getattr(said, part)[each]
        for part in ("title", "body")
        for each in ("ja", "en")
    }
    uids = [each.uid for each in people]
    return {"template": template.uid, "people": uids, **typed(page), **texts}


def test_a_message_is_written_in_three_steps(client, customer, tanaka, template):
    url = reverse("message-write", args=[customer.uid])
    page = client.get(url).text
    assert "田中 一郎 様" in page and "checked" in page
    words = fields(client, customer, template, tanaka) | {
        "body_ja": "{先方のお名前} 様、変えました。"
    }
    shown = client.post(url, words | {"show": tanaka.uid})
    assert shown.status_code == 200 and "田中 一郎 様、変えました。" in shown.text
    assert not Message.objects.exists()
    for _ in range(2):
        assert client.post(url, words | {"send": "1"}).status_code == 302
    assert pass_by() == 1
    assert "変えました" in mailed.outbox[0].body


def test_it_is_shown_as_each_of_them_gets_it(client, customer, tanaka, template):
    jane = person(customer, "Jane", "jane@aozora.example", language="en")
    words = fields(client, customer, template, tanaka, jane)
    url = reverse("message-write", args=[customer.uid])
    assert "Dear Jane" in client.post(url, words | {"show": jane.uid}).text
    assert "Dear Jane" not in client.post(url, words | {"show": tanaka.uid}).text


PROBLEMS = [
    ({"people": []}, "送り先を選んで"),
    ({"body_ja": "", "title_ja": "件名"}, "件名と本文"),
    ({"body_ja": "{ゴール}"}, "ゴール"),
    ({"letter": "x"}, ""),
]


@pytest.mark.parametrize(("wrong", "said"), PROBLEMS)
def test_what_cannot_be_sent_is_said(client, tanaka, template, wrong, said):
    customer = tanaka.memberships.get().home.engagements.get()
    words = fields(client, customer, template, tanaka) | wrong | {"send": "1"}
    page = client.post(reverse("message-write", args=[customer.uid]), words)
    assert page.status_code == 422 and said in page.text
    assert not Message.objects.exists()


def test_nobody_of_another_customer_can_be_chosen(client, customer, tanaka, template, writer):
    other = person(make_customer("森商店", owner=writer), "森 あい", "ai@mori.example")
    url = reverse("message-write", args=[customer.uid])
    assert "森 あい" not in client.get(url).text
    words = fields(client, customer, template, tanaka, other)
    assert client.post(url, words | {"send": "1"}).status_code == 422
    assert "森 あい" not in client.post(url, words | {"show": other.uid}).text
    person_url = reverse("person-messages", args=[customer.uid, other.uid])
    assert client.post(person_url, {"stop": "1"}).status_code == 404


def test_who_wants_none_cannot_be_chosen_and_may_come_back(client, customer, tanaka, template):
    url = reverse("person-messages", args=[customer.uid, tanaka.uid])
    client.post(url, {"stop": "1"})
    assert OptOut.objects.get().way == "told"
    page = client.get(reverse("customer-messages", args=[customer.uid])).text
    assert "受け取らない" in page
    words = fields(client, customer, template, tanaka) | {"send": "1"}
    assert client.post(reverse("message-write", args=[customer.uid]), words).status_code == 422
    client.post(url, {"allow": "1"})
    assert OptOut.objects.get().ended_at is not None


def test_a_bounced_address_is_shown_and_lifted(client, customer, tanaka, template, writer):
    [row] = written(customer, template, by=writer)
    words = {"message": row, "kind": "hard", "at": row.written_at, "digest": "1"}
    Bounce.objects.create(**words, address="tanaka@aozora.example")
    page = client.get(reverse("customer-messages", args=[customer.uid])).text
    assert "届かないアドレス" in page
    part = {"path": reverse("customer-messages", args=[customer.uid]), "data": {"barred": "1"}}
    assert "届かないアドレス" in client.get(**part, headers={"HX-Request": "true"}).text
    client.post(reverse("person-messages", args=[customer.uid, tanaka.uid]), {"lift": "1"})
    assert Bounce.objects.get().lifted_by == writer


def test_the_list_is_filtered_and_names_no_hidden_customer(
    client, customer, tanaka, more, strangers
):
    more("hand 1")
    pass_by()
    more("hand 2")
    url = reverse("messages")
    assert client.get(url).text.count("data-row") == 2
    assert client.get(url, {"state": "sent", "whose": "mine"}).text.count("data-row") == 1
    assert "data-row" not in client.get(url, {"why": "play"}).text
    stranger = strangers(Role.MANAGER)
    restrict(engagement=customer, reason="協議", readers=[], by=customer.owner)
    row = Message.objects.first()
    assert "青空商事" not in stranger.get(url).text
    for name, args in {
        "message": [row.uid],
        "customer-messages": [customer.uid],
        "message-write": [customer.uid],
    }.items():
        assert stranger.get(reverse(name, args=args)).status_code == 404, name


def test_acts_of_a_message(client, tanaka, more, strangers):
    [row] = more()
    url = reverse("message", args=[row.uid])
    assert strangers(Role.SUCCESS).post(url, {"drop": "1"}).status_code == 403
    client.post(url, {"drop": "1"})
    row.refresh_from_db()
    assert row.state == "dropped"
    Message.objects.update(state="uncertain", tried_at=row.written_at)
    page = client.get(url).text
    assert 'name="arrived"' in page and 'name="drop"' not in page
    client.post(url, {"arrived": "1"})
    row.refresh_from_db()
    assert row.state == "sent" and row.contact is not None


def test_whom_a_play_writes_to(customer, tanaka, writer):
    from django.utils import timezone

    from banso.actions.models import Contact

    assert [each.at.name for each in main_readers(customer, readers_at(customer))] == ["田中 一郎"]
    other = person(customer, "鈴木", "s@aozora.example")
    assert main_readers(customer, readers_at(customer)) == []
    met = Contact.objects.create(engagement=customer, occurred_at=timezone.now(), by=writer)
    met.people.add(other)
    assert [each.at.name for each in main_readers(customer, readers_at(customer))] == ["鈴木"]
    person(customer, "主 担当", "m@aozora.example", main=True)
    assert [each.at.name for each in main_readers(customer, readers_at(customer))] == ["主 担当"]


def test_language_and_main_contact_are_kept_with_the_person(client, customer, tanaka):
    url = reverse("person-record", args=[customer.uid, tanaka.uid])
    words = {"name": "田中", "email": "t@aozora.example", "language": "en", "main": "on"}
    assert client.post(url, words).status_code == 302
    [reader] = readers_at(customer)
    assert (reader.language, reader.at.main, reader.address) == ("en", True, "t@aozora.example")
