"""Whose people took part: by their address, by a rule somebody made, else by the domain."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from banso.base.models import User
from banso.engagements.access import engagements
from banso.engagements.models import Engagement
from banso.inbound.models import Rule
from banso.parties.models import Membership, Organization

PUBLIC_DOMAINS = frozenset(
    {
        "gmail.com",
        "googlemail.com",
        "yahoo.com",
        "yahoo.co.jp",
        "ymail.ne.jp",
        "outlook.com",
        "outlook.jp",
        "hotmail.com",
        "hotmail.co.jp",
        "live.com",
        "live.jp",
        "msn.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "aol.com",
        "gmx.com",
        "gmx.net",
        "proton.me",
        "protonmail.com",
        "docomo.ne.jp",
        "ezweb.ne.jp",
        "au.com",
        "softbank.ne.jp",
        "i.softbank.jp",
        "nifty.com",
        "biglobe.ne.jp",
        "ocn.ne.jp",
        "so-net.ne.jp",
    }
)
"""Addresses under these belong to people, not to one company."""


@dataclass(frozen=True)
class Found:
    """The customers an item belongs to with the people known there, and whether a rule says to
    leave it out."""

    customers: Mapping[int, frozenset[int]] = field(default_factory=dict)
    left_out: bool = False


def domain_of(email: str) -> str:
    return email.rpartition("@")[2].lower()


def own_domains() -> frozenset[str]:
    """The domains of our own staff, but those anybody may have an address under."""
    emails = User.objects.filter(is_active=True).values_list("email", flat=True)
    return frozenset(map(domain_of, emails)) - PUBLIC_DOMAINS


def outside(emails: Collection[str]) -> list[str]:
    """Those of the addresses that are none of ours."""
    staff = {
        e.lower() for e in User.objects.filter(email__in=emails).values_list("email", flat=True)
    }
    ours = own_domains()
    return [e for e in emails if e not in staff and domain_of(e) not in ours]


def find(user: User, emails: Sequence[str], on: date) -> Found:
    """Whose people these addresses are, as far as `user` may read the customers."""
    rules = dict(
        Rule.objects.filter(address__in=[*emails, *map(domain_of, emails)]).values_list(
            "address", "engagement_id"
        )
    )
    ruled = {e: rules.get(e, rules.get(domain_of(e))) for e in emails if _has(rules, e)}
    known = _by_address(emails, on)
    customers: dict[int, set[int]] = defaultdict(set)
    for email, places in known.items():
        for engagement, person in places:
            if email not in ruled or ruled[email] == engagement:
                customers[engagement].add(person)
    for engagement in filter(None, ruled.values()):
        customers[engagement] |= set()
    unknown = [e for e in emails if e not in known and e not in ruled]
    for engagement in _by_domain({domain_of(e) for e in unknown} - PUBLIC_DOMAINS):
        customers[engagement] |= set()
    readable = set(
        engagements(user).filter(pk__in=customers, ended_on=None).values_list("pk", flat=True)
    )
    found = {each: frozenset(customers[each]) for each in sorted(readable)}
    every_one_out = bool(emails) and all(e in ruled and ruled[e] is None for e in emails)
    return Found(found, left_out=every_one_out)


def _has(rules: Mapping[str, int | None], email: str) -> bool:
    return email in rules or domain_of(email) in rules


def _by_address(emails: Collection[str], on: date) -> dict[str, list[tuple[int, int]]]:
    """The engagements and parties of people whose address it is."""
    current = Q(until=None) | Q(until__gte=on)
    members = Membership.objects.filter(
        current, person__person__email__in=list(emails), person__merged_into=None
    )
    rows = members.filter(
        home__engagements__isnull=False, home__engagements__merged_into=None
    ).values_list("person__person__email", "home__engagements", "person_id")
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for email, engagement, person in rows:
        found[email.lower()].append((engagement, person))
    return found


def _by_domain(domains: Collection[str]) -> list[int]:
    homes = Organization.objects.filter(domain__in=list(domains), party__merged_into=None)
    rows = Engagement.objects.filter(party__in=homes.values("party"), merged_into=None)
    return list(rows.values_list("pk", flat=True)) if domains else []
