"""What the pages of suggestions and merges show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Q
from django.utils.functional import Promise

from banso.actions.models import Contact
from banso.base import search
from banso.base.models import Role, User
from banso.base.workspace import day_end, local_today
from banso.core.matching import probability
from banso.engagements.access import writable
from banso.engagements.models import Contract, Engagement
from banso.events.models import ExternalId, Import, ImportChange
from banso.events.wording import source_name
from banso.matching.access import may_undo, merges, rejected, waiting
from banso.matching.choices import choices
from banso.matching.labels import FIELDS
from banso.matching.models import Match, Merge, Search
from banso.parties.models import Membership, Party
from banso.web.paging import Listed, reach
from banso.web.tables import TableState

type Hand = Literal["left", "right"]

FOLLOWING = 8
PER_PAGE = 50
FOUND = 12
BULK = 200
KINDS = (Party.Kind.ORGANIZATION, Party.Kind.PERSON)


@dataclass(frozen=True)
class Facts:
    """One of the two: who it is, where it came from, and what hangs on it."""

    hand: Hand
    party: Party
    customer_uid: str
    sources: Sequence[str]
    homes: Sequence[str]
    contracts: int
    contacts: int
    people: int
    last_contact: datetime | None


@dataclass(frozen=True)
class FieldRow:
    """A field side by side; `chosen` is the side whose value the survivor gets."""

    name: str
    label: str | Promise
    left: Any
    right: Any
    chosen: Hand

    @property
    def differs(self) -> bool:
        return bool(self.left) and bool(self.right) and self.left != self.right


@dataclass(frozen=True)
class Pair:
    """Two that may be one, side by side."""

    match: Match
    left: Facts
    right: Facts
    winner: Hand
    fields: Sequence[FieldRow]
    reasons: Sequence[Mapping[str, Any]]

    @property
    def sides(self) -> tuple[Facts, Facts]:
        return self.left, self.right

    @property
    def score(self) -> float:
        """The probability the reasons amount to; a person is surer than any of them."""
        return min(0.99, probability(self.match.bits))


@dataclass(frozen=True)
class Queue:
    """The suggestions of one kind that wait, the one looked at in full."""

    kind: str
    pair: Pair | None
    following: Sequence[Match]
    answered: int
    left: int
    more: bool
    plain: int
    others: int
    last: str

    @property
    def of_people(self) -> bool:
        return self.kind == Party.Kind.PERSON

    @property
    def of_customers(self) -> bool:
        return not self.of_people

    @property
    def total(self) -> int:
        return self.answered + self.left


@dataclass(frozen=True)
class Alike:
    """The suggestions that can be confirmed together."""

    kind: str
    rows: Sequence[Match]
    more: bool


@dataclass(frozen=True)
class MergeLine:
    merge: Merge
    undoable: bool
    rows: int


@dataclass(frozen=True)
class History:
    """What was made one, or said to be different."""

    merges: Sequence[MergeLine]
    rejected: Sequence[Match]
    listed: Page[Any]
    state: TableState
    which: str

    @property
    def of_rejected(self) -> bool:
        return self.which == "rejected"

    @property
    def of_merges(self) -> bool:
        return not self.of_rejected


@dataclass(frozen=True)
class Partner:
    """The search for whom to merge a customer with."""

    engagement: Engagement
    query: str
    found: Sequence[Engagement]


def queue(user: User, role: Role, kind: str, at: str = "") -> Queue:
    """The queue, showing the suggestion `at`, else the first; a fixed number of statements."""
    rows = waiting(user, role, kind)
    first = list(rows[: FOLLOWING + 1])
    asked = next((each for each in first if each.uid == at), None)
    asked = asked or (rows.filter(uid=at).first() if at else None)
    shown = asked or next(iter(first), None)
    left, more = reach(rows)
    other = next(each for each in KINDS if each != kind)
    return Queue(
        kind=kind,
        pair=pair(shown) if shown else None,
        following=[each for each in first if each != shown][:FOLLOWING],
        answered=answered_today(user, kind),
        left=left,
        more=more,
        plain=rows.filter(plain=True).order_by()[: BULK + 1].count(),
        others=reach(waiting(user, role, other))[0],
        last=last_answer(user),
    )


def answered_today(user: User, kind: str) -> int:
    """How many pairs of the kind `user` has answered since local midnight."""
    midnight = day_end(local_today() - timedelta(days=1))
    return Match.objects.filter(by=user, at__gte=midnight, kind=kind).count()


def last_answer(user: User) -> str:
    """What `undo` would take back: "merge", "rejection", or "" for nothing."""
    done, answered = last_answers(user)
    if done is None and answered is None:
        return ""
    if answered is None or (done is not None and answered.at and done.at > answered.at):
        return "merge"
    return "rejection"


def last_answers(user: User) -> tuple[Merge | None, Match | None]:
    """The user's last open merge, and the last pair they said is different."""
    done = Merge.objects.filter(by=user, undone_at=None).order_by("-at", "-id").first()
    answered = Match.objects.filter(by=user, state=Match.State.REJECTED)
    return done, answered.order_by("-at", "-id").first()


def pair(match: Match) -> Pair:
    """The two side by side; the one on which more hangs survives, else the older."""
    left, right = facts(match)
    winner: Hand = "left" if _weight(left) >= _weight(right) else "right"
    one, other = (match.left, match.right) if winner == "left" else (match.right, match.left)
    return Pair(
        match=match,
        left=left,
        right=right,
        winner=winner,
        fields=[_row(each, winner) for each in choices(one, other)],
        reasons=[each for each in match.reasons if each["bits"]],
    )


def facts(match: Match) -> tuple[Facts, Facts]:
    """What hangs on each of the two, in a fixed number of statements."""
    ids = [match.left_id, match.right_id]
    rows = Engagement.objects.filter(party__in=ids, merged_into=None)
    uids = dict(rows.values_list("party", "uid"))
    sources = _sources(ids)
    homes = _homes(ids)
    contracts = _counted(Contract.objects.filter(engagement__party__in=ids), "engagement__party")
    contacts = _contacts(ids)
    people = _counted(Membership.objects.filter(home__in=ids, until=None), "home")

    def one(hand: Hand, party: Party) -> Facts:
        talks, last = contacts.get(party.pk, (0, None))
        return Facts(
            hand=hand,
            party=party,
            customer_uid=uids.get(party.pk, ""),
            sources=sources.get(party.pk, []),
            homes=homes.get(party.pk, []),
            contracts=contracts.get(party.pk, 0),
            contacts=talks,
            people=people.get(party.pk, 0),
            last_contact=last,
        )

    return one("left", match.left), one("right", match.right)


def alike(user: User, role: Role, kind: str) -> Alike:
    """The plain suggestions, as many as are confirmed at once."""
    rows = list(waiting(user, role, kind).filter(plain=True)[: BULK + 1])
    return Alike(kind, rows[:BULK], len(rows) > BULK)


def history(user: User, role: Role, which: str, state: TableState) -> History:
    """A page of the merges, or of the pairs said to be different."""
    rows: Any = rejected(user) if which == "rejected" else merges(user)
    size, more = reach(rows)
    listed = Listed(lambda first, last: list(rows[first:last]), size, more)
    page = Paginator(listed, PER_PAGE).get_page(state.page)
    shown = list(page.object_list)
    if which == "rejected":
        return History([], shown, page, state, which)
    lines = [
        MergeLine(
            merge=each,
            undoable=each.undone_at is None and may_undo(user, role, each),
            rows=sum(map(len, each.moved.values())),
        )
        for each in shown
    ]
    return History(lines, [], page, state, which)


def partner(user: User, role: Role, engagement: Engagement, query: str) -> Partner:
    """The customers a search finds to merge this one with."""
    found: list[Engagement] = []
    if query:
        rows = writable(user, role).filter(pk__in=search.found("engagement", query))
        same = rows.filter(party__kind=engagement.party.kind).exclude(pk=engagement.pk)
        found = list(same.order_by("party__name", "pk")[:FOUND])
    return Partner(engagement, query, found)


def of_import(user: User, role: Role, owner: Import) -> Mapping[str, int] | None:
    """How many suggestions an import gave that still wait for `user`, by kind; None for none."""
    if not Search.objects.filter(owner=owner).exists():
        return None
    rows = ImportChange.objects.filter(owner=owner, table__in=["party", "organization", "person"])
    mine = Q(left__in=rows.values("row")) | Q(right__in=rows.values("row"))
    counts = {kind: reach(waiting(user, role, kind).filter(mine))[0] for kind in KINDS}
    return {str(kind): n for kind, n in counts.items()} if any(counts.values()) else None


def note(user: User, role: Role, owner: Import) -> tuple[str, object] | None:
    """What the import's page says of it."""
    found = of_import(user, role, owner)
    return None if found is None else ("matching/import_note.html", found)


def _weight(side: Facts) -> tuple[bool, int, int]:
    hangs = side.contracts + side.contacts + side.people
    return bool(side.customer_uid), hangs, -side.party.pk


def _row(choice: Any, winner: Hand) -> FieldRow:
    loser: Hand = "right" if winner == "left" else "left"
    ours, theirs = choice.winner, choice.loser
    return FieldRow(
        name=choice.name,
        label=FIELDS[choice.name],
        left=ours if winner == "left" else theirs,
        right=theirs if winner == "left" else ours,
        chosen=winner if choice.side == "winner" else loser,
    )


def _sources(ids: Sequence[int]) -> dict[int, list[str]]:
    """ "source: id" of each party, a few."""
    rows = ExternalId.objects.filter(Q(party__in=ids) | Q(engagement__party__in=ids))
    found: dict[int, list[str]] = {}
    told = ("party", "engagement__party", "source__key", "source__name", "value")
    cells = rows.order_by("id").values_list(*told)
    for party, customer, key, source, value in cells[:20]:
        found.setdefault(party or customer, []).append(f"{source_name(key, source)}: {value}")
    return found


def _homes(ids: Sequence[int]) -> dict[int, list[str]]:
    """Where each person belongs; a restricted customer is not named beside another's person."""
    rows = Membership.objects.filter(person__in=ids, until=None).order_by("home__name")
    rows = rows.exclude(home__engagements__restricted=True)
    found: dict[int, list[str]] = {}
    for person, home, title in rows.values_list("person", "home__name", "title")[:20]:
        found.setdefault(person, []).append(f"{home} {title}".strip())
    return found


def _contacts(ids: Sequence[int]) -> dict[int, tuple[int, datetime | None]]:
    rows = Contact.objects.filter(Q(engagement__party__in=ids) | Q(people__in=ids))
    own = rows.filter(engagement__party__in=ids).values("engagement__party")
    told = own.annotate(n=Count("id", distinct=True), last=Max("occurred_at")).order_by()
    found = {each["engagement__party"]: (each["n"], each["last"]) for each in told}
    met = (
        rows.filter(people__in=ids)
        .values("people")
        .annotate(n=Count("id"), last=Max("occurred_at"))
    )
    for each in met.order_by():
        found.setdefault(each["people"], (each["n"], each["last"]))
    return found


def _counted(rows: Any, column: str) -> dict[int, int]:
    told = rows.values(column).annotate(n=Count("id")).order_by()
    return {each[column]: each["n"] for each in told}
