"""What products said of people and accounts, settled in the order in which it came.

A call is settled in a savepoint of its own: one that cannot be is written down as a trouble, and
the next goes on. Settled again after a crash it changes nothing more.
"""

import structlog
from django.db import DatabaseError, transaction
from django.tasks import task

from banso.engagements.after import announce
from banso.ingest import identities
from banso.ingest.calls import UNPACK, Seen
from banso.ingest.erasing import barred_among
from banso.ingest.folding import NotedTrouble, write_trouble
from banso.ingest.models import Claim, Rules, Subject, Telling

MANY = 200
MOST_CLAIMS = 1_000
log = structlog.get_logger()


def settle_all() -> int:
    """Settle what waits; returns how many requests that was."""
    waiting = Telling.objects.order_by("source").values_list("source", flat=True).distinct()
    return sum(settle(source) for source in list(waiting))


@task
def settle_visitors() -> None:
    """Count visitors as the people whom an import has brought."""
    identities.claim_all_visitors()


@transaction.atomic
def settle(source_id: int) -> int:
    """Settle the next requests of a source; the lock on its rules keeps them in order."""
    Rules.objects.get_or_create(source_id=source_id)
    rules = Rules.objects.select_for_update().get(source_id=source_id)
    tellings = list(Telling.objects.filter(source=source_id).order_by("id")[:MANY])
    touched = set()
    for each in tellings:
        touched |= settle_one(rules, each)
    Telling.objects.filter(pk__in=[each.pk for each in tellings]).delete()
    if touched:
        announce(touched)
    return len(tellings)


def settle_one(rules: Rules, telling: Telling) -> set[int]:
    """The engagements that one request changed."""
    touched = set()
    calls = UNPACK(bytes(telling.calls))
    gone = barred_among(telling.source_id, {name for each in calls for name in each.people})
    for seen in (each for each in calls if not each.people & gone):
        try:
            with transaction.atomic():
                touched |= apply(rules, telling, seen)
        except (identities.NeedsPerson, DatabaseError) as error:
            trouble(telling, seen, error)
    return touched


def apply(rules: Rules, telling: Telling, seen: Seen) -> set[int]:
    """What one call changes: who a visitor was, what a person or an account is called."""
    source = telling.source
    visitor = seen.previous if seen.kind == "alias" else seen.anonymous
    if visitor and seen.person and visitor != seen.person and seen.kind != "group":
        identities.tie(source, visitor, seen.person, public=telling.public, at=telling.at)
    if telling.public or seen.kind == "alias":
        return set()
    if seen.kind == "group":
        return group(rules, telling, seen)
    if seen.person is None or seen.person == seen.anonymous:
        return set()
    person = identities.heard(source, Subject.Kind.PERSON, seen.person, seen, telling)
    return identities.bring_in(rules, person)


def group(rules: Rules, telling: Telling, seen: Seen) -> set[int]:
    """The account, then the person who is said to belong to it, if anything is known of them."""
    source, kinds = telling.source, Subject.Kind
    account = identities.heard(source, kinds.ACCOUNT, seen.account or "", seen, telling)
    touched = identities.bring_in(rules, account)
    members = Subject.objects.filter(source=source, kind=kinds.PERSON, value=seen.person)
    for person in members.exclude(told_at=None):
        touched |= identities.bring_in(rules, person)
    return touched


def trouble(telling: Telling, seen: Seen, error: Exception) -> None:
    """A call that needs a person, or that the database would not take."""
    code = "needs_person" if isinstance(error, identities.NeedsPerson) else "not_settled"
    if code == "not_settled":
        log.error("call_not_settled", kind=type(error).__name__)
    noted = NotedTrouble(code, "", 1, f"{seen.kind}: {seen.previous or ''} {seen.person or ''}")
    write_trouble(telling.source_id, noted, telling.at)
    if code == "needs_person":
        ask(telling, seen)


def ask(telling: Telling, seen: Seen) -> None:
    """Somebody is asked whether the two are one, unless very many wait: a public key may send
    anything."""
    said, person = seen.previous if seen.kind == "alias" else seen.anonymous, seen.person
    waiting = Claim.objects.filter(source=telling.source, state=Claim.State.PENDING)
    if not said or not person or waiting.count() >= MOST_CLAIMS:
        return
    known = identities.row_of(telling.source, Subject.Kind.PERSON, said)
    said = said if known else identities.visitor_of(said)
    told = {"public": telling.public, "told_at": telling.at}
    ids = {"source": telling.source, "said": said, "person": person}
    Claim.objects.get_or_create(**ids, defaults=told)
