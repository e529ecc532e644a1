"""The one list of what matched nobody, and the feed of one's own days."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from banso.actions.models import Action, Contact
from banso.base.models import Role
from banso.base.workspace import local_today
from banso.engagements.models import Contract
from banso.inbound.actions import Incoming, receive
from banso.inbound.models import Feed, Item, Rule
from banso.parties.models import Person
from tests.inbound.conftest import moment


@pytest.fixture
def bring(sato):
    """bring("new@mori.example"): a meeting with that address, waiting."""

    def work(*emails, user=sato, key=None, title="初回の打ち合わせ"):
        people = [("客 一郎", each) for each in emails]
        word = key or f"{user.pk}{emails}"[:64]
        receive(incoming=Incoming("meeting", word, moment(), title, people), user=user)
        return Item.objects.get(key=word)

    return work


def test_an_item_is_assigned_with_its_person_and_the_rule_is_followed(
    bring, customer, sato, sign_in
):
    mori = customer("森商店")
    item, other = bring("new@mori.example"), bring("two@mori.example")
    client = sign_in(sato)
    page = client.get(reverse("inbound")).text
    assert page.count("初回の打ち合わせ") == 2
    url = reverse("inbound-item", args=[item.uid])
    assert "森商店" in client.get(url, {"q": "森商店"}).text
    words = {"customer": mori.uid, "create": "new@mori.example", "always": "mori.example"}
    client.post(reverse("inbound-assign", args=[item.uid]), words)
    assert Person.objects.get(email="new@mori.example").party.name == "客 一郎"
    assert Contact.objects.filter(engagement=mori).count() == 2
    other.refresh_from_db()
    assert other.state == "taken"
    bring("three@mori.example")
    assert Contact.objects.filter(engagement=mori).count() == 3


def test_a_rule_is_made_of_the_item_s_own_addresses_only(bring, customer, sato, sign_in):
    mori, item = customer("森商店"), bring("a@gmail.com")
    words = {"customer": mori.uid, "always": ["everything.example", "gmail.com", "a@gmail.com"]}
    sign_in(sato).post(reverse("inbound-assign", args=[item.uid]), words)
    assert list(Rule.objects.values_list("address", flat=True)) == ["a@gmail.com"]


def test_what_is_left_out_is_forgotten_and_stays_out(bring, sato, sign_in):
    item = bring("spam@ads.example")
    client = sign_in(sato)
    words = {"always": "ads.example"}
    client.post(reverse("inbound-dismiss", args=[item.uid]), words, follow=True)
    item.refresh_from_db()
    assert (item.state, item.title, item.people) == ("dismissed", "", [])
    again = bring("other@ads.example")
    assert (again.state, again.title) == ("dismissed", "")
    answer = client.post(reverse("inbound-dismiss", args=[item.uid]), follow=True)
    assert len(answer.context["messages"]) == 1


def test_a_colleague_s_items_are_nobody_else_s(bring, staff, sato, sign_in):
    item = bring("doctor@clinic.example", title="通院")
    for role in (Role.SUCCESS, Role.MANAGER, Role.ADMIN):
        client = sign_in(staff(role, name="別"))
        assert "通院" not in client.get(reverse("inbound")).text
        assert client.get(reverse("inbound-item", args=[item.uid])).status_code == 404
        assert client.post(reverse("inbound-dismiss", args=[item.uid])).status_code == 404
    sato.grants.update(ended_at=timezone.now())
    assert "通院" in sign_in(staff(Role.ADMIN)).get(reverse("inbound")).text


def test_an_item_goes_only_to_a_customer_one_may_write_for(bring, customer, staff, sato, sign_in):
    from banso.base.models import Team

    stranger = staff(name="別", team=Team.objects.create(name="別のチーム"))
    theirs, item = customer("よその客", owner=stranger), bring("x@y.example")
    sign_in(sato).post(reverse("inbound-assign", args=[item.uid]), {"customer": theirs.uid})
    assert not Contact.objects.exists()
    item.refresh_from_db()
    assert item.state == "waiting"


def test_the_secret_of_a_feed_is_shown_once_and_ends_when_revoked(customer, sato, sign_in):
    mine = customer("青空商事")
    today = local_today()
    Action.objects.create(engagement=mine, title="資料を送る", owner=sato, due_on=today)
    Contract.objects.create(
        engagement=mine,
        start_on=today - timedelta(days=100),
        end_on=today + timedelta(days=60),
        notice_on=today + timedelta(days=30),
        currency="JPY",
    )
    client = sign_in(sato)
    page = client.post(reverse("feed-make"))
    path = page.text.split("<code>http://testserver")[1].split("</code>")[0]
    assert page.headers["Cache-Control"] == "no-store"
    assert path not in client.get(reverse("connections")).text
    assert path.split("/")[-1].removesuffix(".ics") not in str(list(Feed.objects.values()))
    answer = Client().get(path)
    text = answer.content.decode().replace("\r\n ", "")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    for word in ("青空商事: 資料を送る", "更新: 青空商事", "解約通知期限: 青空商事"):
        assert word in text
    client.post(reverse("feed-revoke"))
    assert Client().get(path).status_code == 404


def test_a_feed_ends_with_its_owner_s_time_here(sato, sign_in):
    page = sign_in(sato).post(reverse("feed-make"))
    path = page.text.split("<code>http://testserver")[1].split("</code>")[0]
    assert Client().get(path).status_code == 200
    sato.grants.update(ended_at=timezone.now())
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize(
    "address",
    ["ftp://x.example/a.ics", "http://x.example/a.ics", "nonsense", "https://u:p@x.example/"],
)
def test_an_address_that_is_none_is_refused_kindly(sato, sign_in, address):
    answer = sign_in(sato).post(reverse("calendar-connect"), {"address": address}, follow=True)
    assert len(answer.context["messages"]) == 1
    assert not hasattr(type(sato).objects.get(pk=sato.pk), "calendar")
