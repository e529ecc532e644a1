"""Customers wait under a name until a colleague of that name comes in."""

from banso.base.actions import accept_invitation, invite
from banso.engagements.models import Engagement
from tests.events.conftest import ACCOUNTS


def join(name, email="new@example.com"):
    words = {"role": "success_manager", "team": None, "language": "ja"}
    secret = invite(actor=None, email=email, name=name, **words).secret
    return accept_invitation(secret=secret, name=name, password="a long pass phrase", language="ja")


def owners():
    rows = Engagement.objects.order_by("party__name")
    return {each.owner_name: each.owner for each in rows.select_related("owner")}


def test_they_are_theirs_at_once(bring):
    bring("accounts", ACCOUNTS)
    assert owners() == {"佐藤花子": None, "鈴木 一郎": None}
    joined = join("鈴木　一郎")
    assert owners() == {"佐藤花子": None, "鈴木　一郎": joined}


def test_two_of_one_name_are_nobody(bring, staff):
    staff(name="佐藤 花子")
    bring("accounts", ACCOUNTS.replace("佐藤花子", "佐藤太郎"))
    join("鈴木一郎", "one@example.com")
    Engagement.objects.update(owner=None)
    join("鈴木 一郎", "two@example.com")
    assert set(owners().values()) == {None}
