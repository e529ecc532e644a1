"""Who is who: what identify, group and alias change, by rule, in order, once."""

import pytest

from banso.engagements.models import Engagement
from banso.events.models import ExternalId
from banso.ingest.models import Rules, Subject, Telling, Tie, Trouble
from banso.ingest.rounds import catch_up
from banso.parties.models import Membership, Party, Person
from tests.ingest.conftest import kept, track

YAMADA = {"name": "山田 太郎", "email": "yamada@example.jp", "title": "部長"}


def identify(user="u-1", anonymous=None, **traits):
    return {"type": "identify", "userId": user, "anonymousId": anonymous, "traits": traits}


def group(account="acct-1", user="u-1", **traits):
    return {"type": "group", "userId": user, "groupId": account, "traits": traits}


def alias(previous, user="u-1"):
    return {"type": "alias", "userId": user, "previousId": previous}


def tell(product, *calls):
    assert product.send(*calls).status_code == 200
    while catch_up():
        pass
    assert not Telling.objects.exists()


def rules(source, accounts="create", people="create"):
    Rules.objects.update_or_create(source=source, defaults={"accounts": accounts, "people": people})


@pytest.fixture
def made(product):
    """A customer and a person that the product told of."""
    rules(product.source)
    tell(product, group(name="青空商事", industry="卸売"), identify(**YAMADA))
    return product


def test_accounts_and_people_are_made_where_the_rules_say_so(made):
    engagement = Engagement.objects.select_related("party__organization").get()
    assert (engagement.party.name, engagement.party.organization.industry) == ("青空商事", "卸売")
    person = Person.objects.select_related("party").get()
    assert (person.party.name, person.email) == ("山田 太郎", "yamada@example.jp")
    member = Membership.objects.get()
    assert (member.home_id, member.title) == (engagement.party_id, "部長")
    assert set(ExternalId.objects.values_list("kind", "value")) == {
        ("account", "acct-1"),
        ("person", "u-1"),
    }


def test_a_person_told_of_before_the_account_follows_it(product):
    rules(product.source)
    tell(product, identify(**YAMADA))
    assert Subject.objects.get().state == "held"
    tell(product, group(name="青空商事"))
    assert Membership.objects.get().home == Engagement.objects.get().party
    assert not Subject.objects.filter(state="held").exists()


def test_only_the_known_are_updated(product):
    rules(product.source, "known", "known")
    tell(product, group(name="青空商事"), identify(**YAMADA))
    assert not Party.objects.exists() and not Subject.objects.filter(state="held").exists()


def test_the_unknown_wait_on_hold(product):
    tell(product, group(name="青空商事"), identify(**YAMADA))
    assert not Party.objects.exists()
    held = Subject.objects.filter(state="held").order_by("kind")
    assert [(each.kind, each.value, each.account) for each in held] == [
        ("account", "acct-1", ""),
        ("person", "u-1", "acct-1"),
    ]


def test_said_again_nothing_changes(made):
    before = (list(Party.objects.values()), list(Person.objects.values()))
    tell(made, group(name="青空商事", industry="卸売"), identify(**YAMADA))
    assert before == (list(Party.objects.values()), list(Person.objects.values()))


def test_the_last_word_of_the_product_counts_but_not_over_a_persons(made):
    holdings = group(name="青空ホールディングス")
    tell(made, identify(**YAMADA | {"email": "taro@example.jp"}), holdings)
    assert Person.objects.get().email == "taro@example.jp"
    assert Engagement.objects.get().party.name == "青空ホールディングス"
    Person.objects.update(email="by-hand@example.jp")
    tell(made, identify(email="again@example.jp", phone="03-0000-0000"))
    person = Person.objects.get()
    assert (person.email, person.phone) == ("by-hand@example.jp", "03-0000-0000")


def test_who_was_erased_stays_erased(made):
    Party.objects.filter(kind="person").update(name="", erased_at="2026-11-30T00:00Z")
    tell(made, identify(name="別名"))
    assert Party.objects.get(kind="person").name == ""


def test_a_visitor_is_tied_to_the_person_once(made):
    tell(made, identify(anonymous="a-1"))
    tell(made, alias("a-2"), identify(anonymous="a-1"))
    ids = ExternalId.objects.filter(kind="person").values_list("value", "party")
    assert {value for value, _ in ids} == {"u-1", "anonymous:a-1", "anonymous:a-2"}
    assert len({party for _, party in ids}) == 1
    tell(made, alias("a-1", user="u-2"))
    assert Tie.objects.get(visitor="anonymous:a-1").person == "u-1"
    assert Trouble.objects.get().code == "needs_person"


def test_two_known_people_are_never_made_one(made):
    tell(made, group(user="u-2"), identify("u-2", name="鈴木 花子"))
    tell(made, alias("u-2", user="u-1"))
    assert Person.objects.count() == 2
    assert Trouble.objects.get().code == "needs_person"


def test_a_browser_ties_a_visitor_to_somebody_unclaimed_only(browser, made):
    tell(browser, identify("u-9", anonymous="a-9", name="偽名"))
    assert Tie.objects.get().person == "u-9"
    assert Party.objects.filter(kind="person").count() == 1
    tell(browser, identify("u-1", anonymous="a-1", name="偽名"))
    assert not Tie.objects.filter(person="u-1").exists()
    assert Trouble.objects.get().code == "needs_person"
    assert Party.objects.get(kind="person").name == "山田 太郎"


def test_visitors_of_somebody_become_theirs_when_they_are_known(browser, product):
    rules(product.source)
    tell(browser, identify("u-1", anonymous="a-1"))
    assert not ExternalId.objects.exists()
    tell(product, group(name="青空商事"), identify(**YAMADA))
    party = Party.objects.get(kind="person")
    assert set(ExternalId.objects.filter(party=party).values_list("value", flat=True)) == {
        "u-1",
        "anonymous:a-1",
    }


def test_an_event_belongs_to_the_account_its_person_was_grouped_with(product):
    product.send(track("Before"), group(), track("After"))
    product.send(track("Later"), track("Other", context={"groupId": "acct-2"}))
    assert [(row[5], row[3]) for row in kept()] == [
        ("Before", None),
        ("After", "acct-1"),
        ("Later", "acct-1"),
        ("Other", "acct-2"),
    ]


def test_one_call_that_cannot_be_written_holds_up_no_other(made):
    tell(made, alias("u-1", user="u-5"), group("acct-2", user="u-3", name="森商店"))
    assert Engagement.objects.filter(party__name="森商店").exists()
