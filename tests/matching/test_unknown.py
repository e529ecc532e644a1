"""The queue of those whom products name and nobody knows, or take for one."""

import pytest
from django.urls import reverse

from banso.base.models import Role
from banso.engagements.models import Engagement
from banso.events.lake import same_people
from banso.events.models import ExternalId, Source
from banso.events.sources import add_source
from banso.ingest.models import Claim, Rules, Subject, Tie
from banso.ingest.rounds import catch_up
from banso.ingest.settling import settle_visitors
from banso.matching.models import Match
from banso.parties.actions import PersonCard, create_parties
from banso.parties.models import Membership, Party
from tests.engagements.making import make_customer
from tests.ingest.conftest import browser, product, source

QUEUE = reverse("unknown")
__all__ = ["browser", "product", "source"]


@pytest.fixture
def manager(staff, sign_in):
    return sign_in(staff(Role.MANAGER, language="en"))


def group(user="u-1", account="a-1", **traits):
    return {"type": "group", "userId": user, "groupId": account, "traits": traits}


def identify(user="u-1", **fields):
    return {"type": "identify", "userId": user, **fields}


def said(product, *calls):
    assert product.send(*calls).status_code == 200
    catch_up()


def answer(client, asked, verb, **words):
    return client.post(reverse("unknown-decide", args=[asked.uid]), {"verb": verb} | words)


def one_held(value):
    return Subject.objects.get(value=value, state="held")


def counted_as():
    """Which ids of people count as one."""
    found = {}
    for _, value, one in same_people():
        found.setdefault(one, set()).add(value)
    return sorted(found.values(), key=sorted)


def test_accounts_are_added_or_left_out(manager, product):
    said(product, group(name="森商店"), group("u-2", "a-2", name="他社"))
    text = manager.get(QUEUE).text
    assert "2 wait for an answer" in text and "森商店" in text and "他社" in text
    answer(manager, one_held("a-1"), "add")
    out = one_held("a-2")
    answer(manager, out, "no")
    assert [each.party.name for each in Engagement.objects.all()] == ["森商店"]
    said(product, group("u-2", "a-2", name="他社"))
    assert not Subject.objects.filter(state="held").exists()
    assert "Nothing waits" in manager.get(QUEUE).text


def test_what_is_put_off_comes_last(manager, product):
    said(product, group(name="森商店"))
    said(product, group("u-2", "a-2", name="他社"))
    first = manager.get(QUEUE).context["page"].question
    answer(manager, Subject.objects.get(uid=first.uid), "later")
    page = manager.get(QUEUE).context["page"]
    assert page.question.uid != first.uid and page.following[0].uid == first.uid


def test_a_customer_we_have_is_recognised_by_name_or_domain(manager, product):
    ours = make_customer("株式会社青空商事")
    said(product, group(name="青空商事"), identify(traits={"name": "森 花"}))
    held = one_held("a-1")
    page = manager.get(f"{QUEUE}?at={held.uid}")
    assert [each.uid for each in page.context["page"].question.candidates] == [ours.uid]
    other = make_customer("別の会社")
    assert answer(manager, held, "same", one=other.uid).status_code == 404
    answer(manager, held, "same", one=ours.uid)
    assert ExternalId.objects.get(value="a-1").engagement == ours
    assert Engagement.objects.count() == 2


def test_a_person_waits_for_the_account_then_is_recognised_with_their_visitors(manager, product):
    said(product, identify(anonymousId="v-1", traits={"email": "mori@example.jp"}))
    held = one_held("u-1")
    assert "once their account is known" in manager.get(f"{QUEUE}?at={held.uid}").text
    answer(manager, held, "add")
    assert held.state == "held" and not Party.objects.exists()
    home = make_customer("青空商事")
    [person] = create_parties([PersonCard("森 花", email="Mori@example.jp")])
    Membership.objects.create(person=person, home=home.party)
    answer(manager, held, "same", one=person.uid)
    assert counted_as() == [{"u-1", "anonymous:v-1"}]


def test_people_whom_a_file_brought_count_with_the_visitors_they_were(product, source):
    said(product, identify(anonymousId="v-1"))
    [person] = create_parties([PersonCard("森 花")])
    ExternalId.objects.create(source=source, kind="person", value="u-1", party=person)
    assert counted_as() == []
    settle_visitors.call()
    assert counted_as() == [{"u-1", "anonymous:v-1"}]


@pytest.fixture
def two(product):
    """Two people of a customer, of one of whom a visitor is known."""
    Rules.objects.create(source=product.source, accounts="create", people="create")
    said(product, group(name="森商店"), identify(anonymousId="v-1", traits={"name": "森 花"}))
    said(product, group("u-2"), identify("u-2", traits={"name": "林 葉"}))


def test_a_browser_says_who_a_visitor_is_and_a_person_confirms(manager, browser, two):
    said(browser, identify("u-2", anonymousId="v-7"))
    claim = Claim.objects.get()
    text = manager.get(QUEUE).text
    assert "v-7" in text and "林 葉" in text and "Anybody can say so" in text
    assert counted_as() == [{"u-1", "anonymous:v-1"}]
    answer(manager, claim, "add")

    assert {"u-2", "anonymous:v-7"} in counted_as()
    assert Tie.objects.get(visitor="anonymous:v-7").person == "u-2"
    said(browser, identify("u-2", anonymousId="v-7"))
    assert Claim.objects.get().state == "confirmed"


def test_a_visitor_who_was_another_is_theirs_once_confirmed(manager, product, two):
    said(product, identify("u-2", anonymousId="v-1"))
    answer(manager, Claim.objects.get(), "add")
    assert counted_as() == [{"u-2", "anonymous:v-1"}]


def test_two_whom_we_know_are_compared_before_they_are_one(manager, product, two):
    said(product, {"type": "alias", "previousId": "u-1", "userId": "u-2"})
    place = reverse("unknown-decide", args=[Claim.objects.get().uid])
    match_place = manager.post(place, {"verb": "add"}).headers["Location"]
    match = Match.objects.get()
    assert f"at={match.uid}" in match_place
    assert {match.left.name, match.right.name} == {"森 花", "林 葉"}
    assert "森 花" in manager.get(match_place).text


def test_a_user_by_a_new_name_is_the_one_we_know(manager, product, two):
    said(product, {"type": "alias", "previousId": "u-1", "userId": "u-9"})
    answer(manager, Claim.objects.get(), "add")
    assert {"u-1", "u-9", "anonymous:v-1"} in counted_as()


def test_a_no_is_kept_and_can_be_taken_back(manager, product, two):
    said(product, identify("u-2", anonymousId="v-1"))
    answer(manager, Claim.objects.get(), "no")
    said(product, identify("u-2", anonymousId="v-1"))
    assert Claim.objects.get().state == "rejected" and "Nothing waits" in manager.get(QUEUE).text
    manager.post(reverse("unknown-undo"))
    assert Claim.objects.get().state == "pending"
    assert counted_as() == [{"u-1", "anonymous:v-1"}]


def test_restricted_customers_are_not_asked_about(manager, product, two, staff):
    said(product, identify("u-2", anonymousId="v-1"))
    Engagement.objects.update(restricted=True, restricted_reason="x", owner=staff(Role.SUCCESS))
    assert manager.get(QUEUE).context["page"].left == 0
    assert answer(manager, Claim.objects.get(), "add").status_code == 404
    assert Claim.objects.get().state == "pending"


def test_a_word_that_is_no_answer_is_refused(manager, product):
    said(product, group(name="森商店"))
    assert answer(manager, one_held("a-1"), "maybe").status_code == 400


def test_sources_of_files_ask_nothing(manager, workspace):
    files = Source.objects.create(key=Source.FILES, name="Files")
    Subject.objects.create(source=files, kind="account", value="x", state="held")
    add_source(name="Other", by=None)
    assert manager.get(QUEUE).context["page"].left == 0


def test_an_answer_that_comes_second_is_told_so_and_an_invented_one_is_not_there(
    manager, product, two
):
    said(product, identify("u-2", anonymousId="v-1"))
    asked = Claim.objects.get()
    answer(manager, asked, "add")
    assert answer(manager, asked, "add").status_code == 302
    asked.uid = "z" * 16
    assert answer(manager, asked, "add").status_code == 404
