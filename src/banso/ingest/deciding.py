"""What a person decides about those whom a product names and nobody knows, or takes for one."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from banso.base.activity import record
from banso.base.models import User
from banso.engagements.after import announce
from banso.engagements.models import Engagement
from banso.events.models import ExternalId, Source
from banso.ingest.identities import (
    ACCOUNT,
    HELD,
    LEFT,
    OPEN,
    PERSON,
    bring_people,
    can_be_made,
    claim_visitors,
    make,
    refresh,
    row_of,
    settled,
    visitor_of,
)
from banso.ingest.models import Claim, Rules, Subject, Tie
from banso.parties.models import Membership, Party


class Refused(Exception):
    """The decision cannot be carried out, or somebody has decided meanwhile."""


@transaction.atomic
def take_in(*, subject: Subject, by: User) -> None:
    """Make our row for what was on hold. Raises Refused where it is not, or lacks a customer."""
    rules, locked = held_by(subject)
    if not can_be_made(locked):
        raise Refused
    touched = make(rules, locked, by)
    record("subject.taken_in", actor=by, subject_id=locked.pk)
    announce(touched)


@transaction.atomic
def recognise(*, subject: Subject, one: Engagement | Party, by: User) -> None:
    """It is a customer, or a person, whom we have: the id is theirs from now on."""
    rules, locked = held_by(subject)
    of_account = locked.kind == ACCOUNT
    if of_account != isinstance(one, Engagement):
        raise Refused
    known = {"engagement": one} if of_account else {"party": one}
    row, is_new = ExternalId.objects.get_or_create(
        source=locked.source, kind=locked.kind, value=locked.value, defaults=known
    )
    if not is_new:
        raise Refused
    settled(locked, OPEN)
    touched = refresh(locked, row)
    if isinstance(one, Engagement):
        touched |= {one.pk} | bring_people(rules, locked)
    record("subject.recognised", actor=by, subject_id=locked.pk)
    announce(touched)


@transaction.atomic
def leave_out(*, subject: Subject, by: User) -> None:
    """It stays unknown, and is not put on hold again."""
    _, locked = held_by(subject)
    settled(locked, LEFT)
    record("subject.left_out", actor=by, subject_id=locked.pk)


@transaction.atomic
def hold_again(*, subject: Subject, by: User) -> None:
    """What was left out waits for an answer again."""
    if not Subject.objects.filter(pk=subject.pk, state=LEFT).update(state=HELD):
        raise Refused
    record("subject.held_again", actor=by, subject_id=subject.pk)


@transaction.atomic
def confirm(*, claim: Claim, by: User) -> tuple[Party, Party] | None:
    """They are one, as the product said. Where we know both apart nothing is changed here: whether
    those two are one is asked like of any others; returns them."""
    locked = claimed(claim)
    said, person = (row_of(locked.source, PERSON, each) for each in (locked.said, locked.person))
    answer(locked, Claim.State.CONFIRMED, by)
    record("claim.confirmed", actor=by, subject_id=locked.pk)
    if said and said.party and person and person.party:
        if locked.said == visitor_of(locked.said):
            ExternalId.objects.filter(pk=said.pk).update(party=person.party)
        elif said.party != person.party:
            return said.party, person.party
    if locked.said == visitor_of(locked.said):
        tie_again(locked, person)
    elif said and said.party and person is None:
        ExternalId.objects.create(
            source=locked.source, kind=PERSON, value=locked.person, party=said.party
        )
        claim_visitors(locked.source, locked.person, said.party_id)
    announce(homes_of([each.party_id for each in (said, person) if each and each.party_id]))
    return None


def tie_again(claim: Claim, person: ExternalId | None) -> None:
    """The visitor is this person, whoever it was taken for before."""
    words = {"person": claim.person, "told_at": claim.told_at}
    Tie.objects.update_or_create(source=claim.source, visitor=claim.said, defaults=words)
    ids = ExternalId.objects.filter(source=claim.source, kind=PERSON, value=claim.said)
    if person is None:
        ids.delete()
    else:
        claim_visitors(claim.source, claim.person, person.party_id)


def homes_of(people: list[int]) -> set[int]:
    """The customers they belong to: how many people they have is another number now."""
    homes = Membership.objects.filter(person__in=people).values("home")
    return set(Engagement.objects.filter(party__in=homes).values_list("pk", flat=True))


@transaction.atomic
def reject(*, claim: Claim, by: User) -> None:
    """They are two; it is not asked again."""
    answer(claimed(claim), Claim.State.REJECTED, by)
    record("claim.rejected", actor=by, subject_id=claim.pk)


@transaction.atomic
def reconsider(*, claim: Claim, by: User) -> None:
    """What was said to be two is asked again."""
    again = {"state": Claim.State.PENDING, "by": None, "at": None}
    if not Claim.objects.filter(pk=claim.pk, state=Claim.State.REJECTED).update(**again):
        raise Refused
    record("claim.reconsidered", actor=by, subject_id=claim.pk)


def put_off(*, one: Subject | Claim) -> None:
    """Ask again when all others are answered."""
    type(one).objects.filter(pk=one.pk).update(postponed=F("postponed") + 1)


def held_by(subject: Subject) -> tuple[Rules, Subject]:
    """Locked as the worker locks it, so that neither makes it twice."""
    rules = locked_rules(subject.source)
    locked = Subject.objects.select_for_update(of=("self",)).get(pk=subject.pk)
    if locked.state != HELD:
        raise Refused
    return rules, locked


def claimed(claim: Claim) -> Claim:
    locked_rules(claim.source)
    locked = Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
    if locked.state != Claim.State.PENDING:
        raise Refused
    return locked


def locked_rules(source: Source) -> Rules:
    Rules.objects.get_or_create(source=source)
    return Rules.objects.select_for_update().get(source=source)


def answer(claim: Claim, state: Claim.State, by: User) -> None:
    claim.state, claim.by, claim.at = state, by, timezone.now()
    claim.save(update_fields=["state", "by", "at"])
