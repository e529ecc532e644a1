"""Which organizations in our lists are one and the same, with reasons.

Each fact two records share or contradict each other in is evidence measured in bits: the base-2
logarithm of how much likelier it is for one company than for two (Fellegi and Sunter, "A theory
for record linkage", JASA 1969). Bits add up; the score is the probability they amount to. What
many share says less, so a name or a phone loses bits with the number of those who have it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from math import log2
from typing import Literal

from rapidfuzz.distance import OSA, Levenshtein

from banso.core import whereabouts
from banso.core.blocks import Blocks
from banso.core.names import CompanyName, company_name

type Code = Literal[
    "same_name", "same_reading", "similar_name", "part_of_name", "other_word", "other_name",
    "other_letters",
    "other_branch", "a_branch", "same_domain", "other_domain", "same_phone",
    "other_phone", "same_address", "same_postal_code", "same_region", "other_region",
    "other_address", "one_system", "same_email", "shared_mailbox", "other_email", "same_home",
]  # fmt: skip

PRIOR = -7.0
"""Bits against any two records that share a block before they are compared."""
SUGGESTED = -0.5
FIRST = 3.0
LEAD = 1.0
COMMON = 4
"""A pair of characters in this many different names is a word of the trade, not a slip."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A piece of evidence: its code, its bits (negative: against), and what it was seen in."""

    code: Code
    bits: float
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """Two records that may be one. `first`: sure enough, and ahead of every other candidate, to
    be offered first; a person still confirms it."""

    left: int
    right: int
    bits: float
    reasons: Sequence[Reason]
    first: bool = False

    @property
    def score(self) -> float:
        """The probability that the two are one, as far as the reasons tell."""
        return probability(self.bits)


@dataclass(frozen=True)
class Organization:
    """A record of an organization as some system has it; "" where it does not say. `source` is
    that system (0: none). Domains may be e-mails and web addresses, of the people too."""

    id: int
    name: str
    name_kana: str = ""
    domains: Sequence[str] = ()
    phones: Sequence[str] = ()
    postal_code: str = ""
    address: str = ""
    region: str = ""
    source: int = 0

    @cached_property
    def called(self) -> CompanyName:
        return company_name(self.name)

    @cached_property
    def readings(self) -> frozenset[str]:
        given = company_name(self.name_kana).reading if self.name_kana else ""
        return frozenset({given, self.called.reading} - {""})

    @cached_property
    def hosts(self) -> frozenset[str]:
        return frozenset(map(whereabouts.domain, self.domains)) - {""}

    @cached_property
    def numbers(self) -> frozenset[str]:
        return frozenset(map(whereabouts.phone, self.phones)) - {""}

    @cached_property
    def place(self) -> whereabouts.Address:
        found = whereabouts.address(self.address)
        region = found.region or whereabouts.prefecture(self.region)
        return whereabouts.Address(region, found.town, found.number)

    @cached_property
    def code(self) -> str:
        return whereabouts.postal_code(self.postal_code)

    @cached_property
    def sites(self) -> frozenset[str]:
        """The address as keys: by town, and by postal code, each with its numbers."""
        number = self.place.number
        if "-" not in number:
            return frozenset()
        return frozenset(f"{where} {number}" for where in (self.place.town, self.code) if where)


def probability(bits: float) -> float:
    """What odds of 2^bits to 1 are as a probability."""
    return 1 / (1 + 2.0**-bits) if bits > -60 else 0.0


class Register:
    """What is common among the records, and which of them to compare. Holds no record: `add` each
    of them once, then ask. Memory: a few numbers for each record and its distinct facts."""

    def __init__(self) -> None:
        self._blocks = Blocks()
        self._namesakes: Counter[tuple[str, str, int]] = Counter()
        self._sharing: dict[str, set[str]] = defaultdict(set)
        self._pieces: Counter[str] = Counter()
        self._cores: set[str] = set()

    def add(self, record: Organization) -> None:
        """Take the record into account."""
        core = record.called.core
        self._blocks.add(record.id, keys(record))
        for name in {core, *record.readings}:
            self._namesakes[name, "", record.source] += 1
            self._namesakes[name, record.place.region, record.source] += bool(record.place.region)
        for fact in (*record.hosts, *record.numbers, *record.sites):
            self._sharing[fact].add(_stem(record))
        if core not in self._cores:
            self._cores.add(core)
            self._pieces.update(pieces(core))

    def pairs(self, fresh: Collection[int] | None = None) -> Iterator[tuple[int, int]]:
        """The pairs worth comparing; with `fresh`, only those with a record among them."""
        return self._blocks.pairs(fresh)

    def namesakes(self, name: str, left: Organization, right: Organization) -> int:
        """How many records of one of their systems go by that name, in their prefecture where
        both are in one; at least 1."""
        one, other = left.place.region, right.place.region
        where = one if one == other else ""
        return max(1, *(self._namesakes[name, where, each.source] for each in (left, right)))

    def sharing(self, fact: str, left: Organization, right: Organization) -> int:
        """How many differently called companies have that domain, phone or address, the two
        themselves taken as one."""
        known = len(self._sharing.get(fact, ()))
        return max(1, known - (_stem(left) != _stem(right)))

    def frequency(self, piece: str) -> int:
        """In how many different names these two characters stand."""
        return self._pieces[piece]

    def is_word(self, piece: str) -> bool:
        """Whether many names have these two characters."""
        return self._pieces[piece] >= COMMON


def _stem(record: Organization) -> str:
    return next(iter(sorted(record.readings)), record.called.core)


def keys(record: Organization) -> Iterator[str]:
    """The blocks of a record: its name, with its place too for names that many have; its name
    with any one character left out, so that a slip is met; readings; where it is reached."""
    core, region = record.called.core, record.place.region
    yield f"name {core}"
    yield f"name {core} {region}"
    if len(core) >= 3:
        for place in range(len(core)):
            yield f"near {core[:place]}{core[place + 1 :]}"
        yield f"near {core}"
    for each in record.readings:
        yield f"read {each}"
        yield f"read {each} {region}"
    for each in (*record.hosts, *record.numbers, *record.sites):
        yield f"at {each}"


def pieces(core: str) -> set[str]:
    """Each two neighbouring characters of a name."""
    return {first + second for first, second in pairwise(core)}


def compare(left: Organization, right: Organization, register: Register) -> Match:
    """Everything that speaks for the two being one, and against."""
    reasons = [
        *_name(left, right, register),
        *_branch(left, right),
        *_domain(left, right, register),
        *_phone(left, right, register),
        *_place(left, right, register),
    ]
    if left.source == right.source and left.source:
        reasons.append(Reason("one_system", -3.0))
    bits = PRIOR + sum(each.bits for each in reasons)
    return Match(left.id, right.id, round(bits, 3), sorted(reasons, key=lambda r: -abs(r.bits)))


def mark_first(matches: Sequence[Match], sources: Mapping[int, int] | None = None) -> list[Match]:
    """`first` where a match is sure, nothing forbids it, and no other record of the same system
    (`sources`: by record) is nearly as good a match for either side; the surest first."""
    system = sources or {}
    best: dict[tuple[int, int], list[float]] = defaultdict(list)
    for each in matches:
        best[each.left, system.get(each.right, 0)].append(each.bits)
        best[each.right, system.get(each.left, 0)].append(each.bits)
    marked = [
        Match(each.left, each.right, each.bits, each.reasons, _is_first(each, best, system))
        for each in matches
    ]
    return sorted(marked, key=lambda each: (not each.first, -each.bits, each.left, each.right))


FORBIDS = frozenset(
    {"other_word", "other_branch", "other_name", "other_letters", "a_branch", "part_of_name"}
)


def _is_first(
    match: Match, best: Mapping[tuple[int, int], Sequence[float]], system: Mapping[int, int]
) -> bool:
    if match.bits < FIRST or any(each.code in FORBIDS for each in match.reasons):
        return False
    rivals = [
        bits
        for one, other in ((match.left, match.right), (match.right, match.left))
        for bits in _without(best[one, system.get(other, 0)], match.bits)
    ]
    return all(bits < match.bits - LEAD for bits in rivals)


def _without(bits: Sequence[float], own: float) -> list[float]:
    rest = list(bits)
    rest.remove(own)
    return rest


def _name(left: Organization, right: Organization, register: Register) -> Iterator[Reason]:
    one, other = left.called.core, right.called.core
    if one == other:
        many = register.namesakes(one, left, right)
        short = 1.0 if len(one) <= 2 else 0.0
        yield Reason("same_name", 10.0 - 2 * log2(many) - short, {"name": one})
        return
    if shared := left.readings & right.readings:
        read = min(shared)
        many = register.namesakes(read, left, right)
        yield Reason("same_reading", 7.0 - 2 * log2(many), {"reading": read})
        return
    yield _unlike(one, other, register)


def _unlike(one: str, other: str, register: Register) -> Reason:
    """What the difference between two names amounts to."""
    away = OSA.distance(one, other)
    shorter, longer = sorted((one, other), key=len)
    shared = _shared(one, other, register)
    if away <= 1 + (len(longer) > 8) and len(shorter) >= 3:
        if _is_other_word(one, other, register):
            return Reason("other_word", -6.0)
        return Reason("similar_name", 6.0 if len(shorter) > 3 else 4.0)
    if len(shorter) >= 2 and shorter in longer:
        return Reason("part_of_name", -1.0 if len(shorter) >= 4 else -2.0)
    if shared >= 0.6 and not _is_other_word(one, other, register):
        return Reason("similar_name", 5 * shared)
    if one.isascii() != other.isascii():
        return Reason("other_letters", 0.0)
    return Reason("other_name", -5.0)


def _shared(one: str, other: str, register: Register) -> float:
    """The share of two names' characters that is common, rare pairs weighing more (0 to 1)."""
    mine, yours = pieces(one), pieces(other)
    weight = {each: 1 / (1 + log2(1 + register.frequency(each))) for each in mine | yours}
    total = sum(weight.values())
    return sum(weight[each] for each in mine & yours) / total if total else 0.0


def _is_other_word(one: str, other: str, register: Register) -> bool:
    """Whether what differs is a word of the trade on both sides (商事 and 商会), or a word that
    only one of them has (山田商事販売); a slip leaves something that no other name has."""
    for edit in Levenshtein.opcodes(one, other):
        if edit.tag == "equal":
            continue
        mine = (_in_word(one, each, register) for each in range(edit.src_start, edit.src_end))
        yours = (_in_word(other, each, register) for each in range(edit.dest_start, edit.dest_end))
        if all(mine) and all(yours):
            return True
    return False


def _in_word(name: str, place: int, register: Register) -> bool:
    """Whether the character there makes a word of the trade with a neighbour."""
    around = (name[max(0, place - 1) : place + 1], name[place : place + 2])
    return any(len(each) == 2 and register.is_word(each) for each in around)


def _branch(left: Organization, right: Organization) -> Iterator[Reason]:
    one, other = left.called.branch, right.called.branch
    if one and other and one != other:
        yield Reason("other_branch", -9.0, {"left": one, "right": other})
    elif one != other:
        yield Reason("a_branch", -0.5, {"branch": one or other})


def _domain(left: Organization, right: Organization, register: Register) -> Iterator[Reason]:
    if shared := left.hosts & right.hosts:
        host = min(shared, key=lambda each: (register.sharing(each, left, right), each))
        bits = 7.0 - 2.5 * log2(register.sharing(host, left, right))
        yield Reason("same_domain", max(bits, 0.0), {"domain": host})
    elif left.hosts and right.hosts:
        yield Reason("other_domain", -2.0)


def _phone(left: Organization, right: Organization, register: Register) -> Iterator[Reason]:
    if shared := left.numbers & right.numbers:
        number = min(shared, key=lambda each: (register.sharing(each, left, right), each))
        bits = 8.0 - 2 * log2(register.sharing(number, left, right))
        yield Reason("same_phone", max(bits, 0.0), {"phone": number})
    elif left.numbers and right.numbers:
        yield Reason("other_phone", -1.5)


def _place(left: Organization, right: Organization, register: Register) -> Iterator[Reason]:
    one, other = left.place, right.place
    if shared := left.sites & right.sites:
        site = min(shared, key=lambda each: (register.sharing(each, left, right), each))
        yield Reason(
            "same_address", max(6.5 - 1.5 * log2(register.sharing(site, left, right)), 0.0)
        )
    elif one.region and other.region and one.region != other.region:
        yield Reason("other_region", -6.0, {"left": one.region, "right": other.region})
    elif left.code and left.code == right.code:
        yield Reason("same_postal_code", 3.0)
    elif one.town and other.town:
        yield Reason("other_address", -1.5)
    elif one.region and one.region == other.region:
        yield Reason("same_region", 1.0)
