"""Whom products name and nobody knows, or take for one: a queue with one question in full."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from banso.base.models import Role, User
from banso.core.text import key
from banso.engagements.access import writable
from banso.engagements.models import Engagement
from banso.ingest.access import claims, held, is_answered, sources
from banso.ingest.calls import ANONYMOUS
from banso.ingest.identities import can_be_made, home_of, row_of
from banso.ingest.models import Claim, Subject
from banso.parties.models import Party

FOLLOWING = 8
CANDIDATES = 3
PERSON = Subject.Kind.PERSON
type Waiting = Subject | Claim


@dataclass(frozen=True)
class Candidate:
    """A customer or a person we have, who may be the one; `number` is the key that says so."""

    number: int
    uid: str
    name: str
    more: str


@dataclass(frozen=True)
class Question:
    """One that waits. Of a claim `known` are the names of the two as far as we know them, of one
    on hold `home` is the customer a person was grouped with."""

    uid: str
    kind: str
    source: str
    value: str
    other: str
    told_at: datetime | None
    traits: Mapping[str, str]
    home: str
    addable: bool
    public: bool
    known: Sequence[str]
    candidates: Sequence[Candidate]


@dataclass(frozen=True)
class Line:
    uid: str
    kind: str
    value: str
    other: str


@dataclass(frozen=True)
class UnknownPage:
    """`left` wait in all; `undoable`: the reader said no to something that can be asked again."""

    question: Question | None
    following: Sequence[Line]
    left: int
    undoable: bool


def unknown_page(user: User, role: Role, at: str = "") -> UnknownPage:
    """The question named `at`, else the first that waits, and those after it."""
    subjects, asked = held(user), claims(user)
    left = subjects.count() + asked.count()
    rows = in_line(subjects, asked, FOLLOWING + 2)
    first = one_of(user, at) or (rows[0] if rows else None)
    rest = [each for each in rows if first is None or each.uid != first.uid]
    return UnknownPage(
        question=question_of(first, user, role) if first else None,
        following=[line_of(each) for each in rest[:FOLLOWING]],
        left=left,
        undoable=last_no(user) is not None,
    )


def in_line(subjects: QuerySet[Subject], asked: QuerySet[Claim], most: int) -> list[Waiting]:
    """What was not put off first, accounts before people before claims."""
    first: list[Waiting] = [*subjects.select_related("source")[:most]]
    first += asked.select_related("source")[:most]
    return sorted(first, key=lambda each: each.postponed)[:most]


def one_of(user: User, uid: str) -> Waiting | None:
    """What waits under that name."""
    if not uid:
        return None
    found = held(user).filter(uid=uid).select_related("source").first()
    return found or claims(user).filter(uid=uid).select_related("source").first()


def one_or_404(user: User, uid: str) -> Waiting | None:
    """What waits under that name; None where somebody has answered it meanwhile."""
    found = one_of(user, uid)
    if found is None and not is_answered(user, uid):
        raise Http404
    return found


def line_of(each: Waiting) -> Line:
    if isinstance(each, Claim):
        return Line(each.uid, "claim", plain(each.said), each.person)
    return Line(each.uid, each.kind, each.value, each.traits.get("name", ""))


def plain(name: str) -> str:
    """The visitor as the product calls it."""
    return name.removeprefix(ANONYMOUS)


def question_of(one: Waiting, user: User, role: Role) -> Question:
    if isinstance(one, Claim):
        return of_claim(one)
    home = home_of(one) if one.kind == PERSON else None
    return Question(
        uid=one.uid,
        kind=one.kind,
        source=one.source.name,
        value=one.value,
        other=one.account,
        told_at=one.told_at,
        traits=one.traits,
        home=home.party.name if home else "",
        addable=can_be_made(one),
        public=False,
        known=(),
        candidates=candidates(one, user, role),
    )


def of_claim(one: Claim) -> Question:
    rows = [row_of(one.source, PERSON, each) for each in (one.said, one.person)]
    return Question(
        uid=one.uid,
        kind="claim",
        source=one.source.name,
        value=plain(one.said),
        other=one.person,
        told_at=one.told_at,
        traits={},
        home="",
        addable=False,
        public=one.public,
        known=[row.party.name if row and row.party else "" for row in rows],
        candidates=(),
    )


def candidates(one: Subject, user: User, role: Role) -> list[Candidate]:
    """Those we have with the same name, domain or e-mail, whom the user may change."""
    if one.kind == PERSON:
        found = people_like(one, writable(user, role))
        pairs = [(each.uid, each.name, each.person.email) for each in found]
    else:
        near = customers_like(one, writable(user, role))
        pairs = [(each.uid, each.party.name, each.segment) for each in near]
    return [Candidate(n, *pair) for n, pair in enumerate(pairs, 1)]


def customers_like(one: Subject, mine: QuerySet[Engagement]) -> list[Engagement]:
    name = key(one.traits.get("name", ""), strip_legal_form=True)
    asked = Q(party__name_key=name) if name else Q(pk=None)
    if domain := one.traits.get("domain", ""):
        asked |= Q(party__organization__domain=domain)
    return list(mine.filter(asked).select_related("party").order_by("pk")[:CANDIDATES])


def people_like(one: Subject, mine: QuerySet[Engagement]) -> list[Party]:
    told, asked = one.traits, Q(pk=None)
    if told.get("email"):
        asked |= Q(person__email__iexact=told["email"])
    if told.get("name"):
        asked |= Q(name_key=key(told["name"]))
    people = Party.objects.filter(kind=Party.Kind.PERSON, merged_into=None, erased_at=None)
    ours = people.filter(asked, memberships__home__in=mine.values("party"))
    return list(ours.select_related("person").distinct().order_by("pk")[:CANDIDATES])


def chosen_or_404(one: Subject, uid: str, user: User, role: Role) -> Engagement | Party:
    """The candidate of that name."""
    mine = writable(user, role)
    found: list[Engagement] | list[Party]
    found = people_like(one, mine) if one.kind == PERSON else customers_like(one, mine)
    for each in found:
        if each.uid == uid:
            return each
    raise Http404


def last_no(user: User) -> Claim | None:
    """The claim that the user refused last, within the hour."""
    since = timezone.now() - timedelta(hours=1)
    mine = Claim.objects.filter(by=user, state=Claim.State.REJECTED, at__gte=since)
    return mine.filter(source__in=sources(user)).order_by("-at").first()
