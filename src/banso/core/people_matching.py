"""Which people in our lists are one and the same: by e-mail, by name at one home, by phone.

Evidence in bits as in `core.matching`. A name alone is never enough: people share names.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import OSA

from banso.core import whereabouts
from banso.core.blocks import Blocks
from banso.core.matching import Match, Reason
from banso.core.names import person_name, reading

PRIOR = -8.0
MAILBOXES = frozenset(
    [
        "info",
        "contact",
        "support",
        "sales",
        "office",
        "mail",
        "admin",
        "inquiry",
        "toiawase",
        "soumu",
        "keiri",
        "eigyo",
        "jinji",
        "hello",
        "help",
        "service",
        "recruit",
        "pr",
        "webmaster",
        "postmaster",
        "noreply",
        "no-reply",
    ]
)
"""Mailboxes that several people read."""


@dataclass(frozen=True)
class Individual:
    """A record of a person; `homes` are the ids of where they belong."""

    id: int
    name: str
    name_kana: str = ""
    email: str = ""
    phone: str = ""
    homes: Collection[int] = ()

    @cached_property
    def called(self) -> str:
        return person_name(self.name)

    @cached_property
    def readings(self) -> frozenset[str]:
        return frozenset({reading(self.name_kana), reading(self.name)} - {""})

    @cached_property
    def mailbox(self) -> str:
        return whereabouts.email(self.email)

    @cached_property
    def number(self) -> str:
        return whereabouts.phone(self.phone)


class Crowd:
    """Which people to compare. Holds no record: `add` each of them once."""

    def __init__(self) -> None:
        self._blocks = Blocks()

    def add(self, person: Individual) -> None:
        """Take the person into account."""
        self._blocks.add(person.id, keys(person))

    def pairs(self, fresh: Collection[int] | None = None) -> Iterator[tuple[int, int]]:
        """The pairs worth comparing; with `fresh`, only those with a person among them."""
        return self._blocks.pairs(fresh)


def keys(person: Individual) -> Iterator[str]:
    """The blocks of a person: e-mail, and name, reading or phone at each home."""
    if person.mailbox:
        yield f"mail {person.mailbox}"
    for home in person.homes:
        yield f"name {home} {person.called}"
        for each in person.readings:
            yield f"read {home} {each}"
    if person.number:
        yield f"phone {person.number} {person.called[:1]}"


def compare(left: Individual, right: Individual) -> Match:
    """Everything that speaks for the two being one, and against."""
    reasons = [*_name(left, right), *_email(left, right), *_rest(left, right)]
    bits = PRIOR + sum(each.bits for each in reasons)
    ordered = sorted(reasons, key=lambda each: -abs(each.bits))
    return Match(left.id, right.id, round(bits, 3), ordered)


def _name(left: Individual, right: Individual) -> Sequence[Reason]:
    one, other = left.called, right.called
    if one == other:
        return [Reason("same_name", 5.0)]
    if left.readings & right.readings:
        return [Reason("same_reading", 4.0)]
    if one.isascii() != other.isascii():
        return [Reason("other_letters", 0.0)]
    if len(one) > 2 and OSA.distance(one, other) <= 1:
        return [Reason("similar_name", 2.0)]
    return [Reason("other_name", -6.0)]


def _email(left: Individual, right: Individual) -> Sequence[Reason]:
    if not left.mailbox or not right.mailbox:
        return []
    if left.mailbox != right.mailbox:
        return [Reason("other_email", -3.5)]
    if left.mailbox.partition("@")[0] in MAILBOXES:
        return [Reason("shared_mailbox", 2.0, {"email": left.mailbox})]
    return [Reason("same_email", 12.0, {"email": left.mailbox})]


def _rest(left: Individual, right: Individual) -> Iterator[Reason]:
    if set(left.homes) & set(right.homes):
        yield Reason("same_home", 6.0)
    if left.number and left.number == right.number:
        yield Reason("same_phone", 4.0, {"phone": left.number})
    elif left.number and right.number:
        yield Reason("other_phone", -0.5)
