"""Looking for parties that may be one, after each import: only what is new against everybody.

Everybody is read in a stream and kept as a few numbers each, so that memory grows with what is
new and not with the customers; the pairs are then compared in runs.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.tasks import task

from banso.core import people_matching
from banso.core.matching import (
    SUGGESTED,
    Reason,
    Register,
    compare,
    mark_first,
)
from banso.core.matching import Match as Found
from banso.core.people_matching import Crowd
from banso.events.models import Import, ImportChange, Kind
from banso.matching.models import Match, Search
from banso.matching.records import (
    around,
    customers,
    individuals,
    individuals_of,
    memberships,
    organizations,
    organizations_of,
)
from banso.parties.models import Membership, Party, Person

RUN = 2_000
FEW = 2_000
_PLAIN = (frozenset({"same_name", "same_domain"}), frozenset({"same_name", "same_email"}))

type Pair = tuple[int, int]


@task
def search_after_import() -> int:
    """Compare what came with imports that nobody has looked at yet; how many pairs were found."""
    waiting = Import.objects.filter(
        status=Import.Status.DONE, kind__in=[Kind.ACCOUNTS, Kind.PEOPLE], matching=None
    )
    found = 0
    for owner in waiting.order_by("ended_at", "id"):
        fresh = touched(owner)
        pairs = search_again(fresh)
        Search.objects.update_or_create(owner=owner, defaults={"found": len(pairs)})
        found += len(pairs)
    return found


def search_again(parties: Collection[int]) -> list[Pair]:
    """Compare these parties with everybody and write down who may be one; the pairs."""
    kinds = dict(Party.objects.filter(merged_into=None).in_bulk(parties).items())
    people = {pk for pk, each in kinds.items() if each.kind == Party.Kind.PERSON}
    members = Membership.objects.filter(person__in=people, until=None)
    homes = set(members.values_list("home_id", flat=True))
    companies = (kinds.keys() - people) | homes
    staying = Membership.objects.filter(home__in=kinds.keys() - people, until=None)
    people |= set(staying.values_list("person_id", flat=True))
    return [
        *_keep(Party.Kind.ORGANIZATION, companies, find_organizations(companies)),
        *_keep(Party.Kind.PERSON, people, find_people(people)),
    ]


def propose(one: Party, other: Party) -> Match:
    """The pair as a person names it, waiting for an answer, whatever was answered before."""
    left, right = sorted((one.pk, other.pk))
    found = _compared(one.kind, left, right)
    row = _row(one.kind, found)
    match, _ = Match.objects.update_or_create(
        left_id=left,
        right_id=right,
        defaults={
            "kind": one.kind,
            "bits": row.bits,
            "reasons": row.reasons,
            "state": Match.State.PENDING,
            "postponed": 0,
            "by": None,
            "at": None,
        },
    )
    return match


def _compared(kind: str, left: int, right: int) -> Found:
    """Two parties compared by themselves: nothing is known of how common their names are."""
    if kind == Party.Kind.PERSON:
        people = individuals_of([left, right])
        if len(people) == 2:
            return people_matching.compare(people[left], people[right])
        return Found(left, right, 0.0, [])
    register = Register()
    records = organizations_of([left, right], around([left, right]))
    for each in records.values():
        register.add(each)
    return compare(records[left], records[right], register)


def touched(owner: Import) -> set[int]:
    """The parties that an import made or changed."""
    rows = ImportChange.objects.filter(owner=owner, table__in=["party", "organization", "person"])
    return set(rows.values_list("row", flat=True))


def find_organizations(fresh: Collection[int]) -> list[Found]:
    """The matches of these organizations among all customers."""
    if not fresh:
        return []
    known = around()
    register = Register()
    for each in organizations(customers(), known):
        register.add(each)

    def compared(some: Sequence[Pair]) -> Iterator[Found]:
        records = organizations_of({one for pair in some for one in pair}, known)
        for left, right in some:
            if left in records and right in records:
                yield compare(records[left], records[right], register)

    found = _likely(register.pairs(fresh), compared)
    return mark_first([*found, *_beside(found)], known.sources)


def find_people(fresh: Collection[int]) -> list[Found]:
    """The matches of these people among all people; of a few, among those they may meet."""
    if not fresh:
        return []
    crowd = Crowd()
    rows = memberships() if len(fresh) > FEW else memberships().filter(_near(fresh))
    for each in individuals(rows):
        crowd.add(each)

    def compared(some: Sequence[Pair]) -> Iterator[Found]:
        records = individuals_of({one for pair in some for one in pair})
        for left, right in some:
            if left in records and right in records:
                yield people_matching.compare(records[left], records[right])

    found = _likely(crowd.pairs(fresh), compared)
    return mark_first([*found, *_beside(found)])


def _near(fresh: Collection[int]) -> Q:
    """Members who share a home or an e-mail with one of these people."""
    own = Person.objects.filter(party__in=fresh).exclude(email="").values_list("email", flat=True)
    emails = {each for email in own for each in (email, email.casefold())}
    homes = Membership.objects.filter(person__in=fresh, until=None).values("home")
    return Q(home__in=homes) | Q(person__person__email__in=emails)


def _likely(
    pairs: Iterable[Pair], compared: Callable[[Sequence[Pair]], Iterable[Found]]
) -> list[Found]:
    return [
        each for some in batched(pairs, RUN) for each in compared(some) if each.bits >= SUGGESTED
    ]


def _beside(found: Sequence[Found]) -> list[Found]:
    """The other pairs that wait for the same parties: they may be rivals."""
    own = {(each.left, each.right) for each in found}
    parties = {one for pair in own for one in pair}
    rivals = []
    for some in batched(sorted(parties), RUN):
        rows = Match.objects.filter(Q(left__in=some) | Q(right__in=some), state="pending")
        for row in rows.exclude(left__merged_into__isnull=False, right__merged_into__isnull=False):
            if (row.left_id, row.right_id) not in own:
                own.add((row.left_id, row.right_id))
                rivals.append(Found(row.left_id, row.right_id, row.bits, load(row.reasons)))
    return rivals


def _keep(kind: str, fresh: Collection[int], found: Sequence[Found]) -> list[Pair]:
    """Write the matches down; pairs a person has answered keep their answer, also where one of
    the two has become another since, and pairs of `fresh` that are none any more go."""
    answered = _answered(kind)
    roots = _roots()
    rows = [
        _row(kind, each)
        for each in found
        if _pair(roots, each.left, each.right) not in answered and each.left != each.right
    ]
    with transaction.atomic():
        _forget(kind, fresh, {(row.left_id, row.right_id) for row in rows})
        Match.objects.bulk_create(
            rows,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["left", "right"],
            update_fields=["bits", "first", "plain", "reasons"],
        )
    return [(row.left_id, row.right_id) for row in rows if {row.left_id, row.right_id} & set(fresh)]


def _forget(kind: str, fresh: Collection[int], found: Collection[Pair]) -> None:
    for some in batched(sorted(fresh), RUN):
        rows = Match.objects.filter(
            Q(left__in=some) | Q(right__in=some),
            kind=kind,
            state=Match.State.PENDING,
            left__merged_into=None,
            right__merged_into=None,
        )
        gone = [
            pk for pk, *pair in rows.values_list("id", "left", "right") if tuple(pair) not in found
        ]
        Match.objects.filter(pk__in=gone).delete()


def _answered(kind: str) -> set[Pair]:
    """The pairs a person said are different, by what each is now."""
    roots = _roots()
    rows = Match.objects.filter(kind=kind, state=Match.State.REJECTED)
    return {_pair(roots, left, right) for left, right in rows.values_list("left", "right")}


def _roots() -> dict[int, int]:
    """What each merged party was merged into."""
    rows = Party.objects.filter(merged_into__isnull=False)
    return {one: other for one, other in rows.values_list("id", "merged_into") if other}


def _pair(roots: Mapping[int, int], left: int, right: int) -> Pair:
    while left in roots:
        left = roots[left]
    while right in roots:
        right = roots[right]
    return min(left, right), max(left, right)


def _row(kind: str, found: Found) -> Match:
    codes = {each.code for each in found.reasons if each.bits > 0}
    against = any(each.bits < 0 for each in found.reasons)
    plain = found.first and not against and any(each <= codes for each in _PLAIN)
    return Match(
        kind=kind,
        left_id=found.left,
        right_id=found.right,
        bits=found.bits,
        first=found.first,
        plain=plain,
        reasons=dump(found.reasons),
    )


def dump(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    """Reasons as a Match keeps them."""
    return [{"code": r.code, "bits": round(r.bits, 2), "params": dict(r.params)} for r in reasons]


def load(stored: Iterable[Mapping[str, Any]]) -> list[Reason]:
    """The reasons of a stored Match."""
    return [Reason(each["code"], each["bits"], each["params"]) for each in stored]
