"""What managers decide about a source's rules and about what is on hold."""

from django.db import transaction

from banso.base.activity import record
from banso.base.models import User
from banso.engagements.after import announce
from banso.events.models import Source
from banso.ingest.identities import can_be_made, make
from banso.ingest.models import Rules, Subject


class Refused(Exception):
    """The decision cannot be carried out, or somebody has decided meanwhile."""


@transaction.atomic
def set_rules(*, source: Source, accounts: str, people: str, by: User) -> None:
    """From the next request on, this is done about who is not known."""
    wanted = {"accounts": accounts, "people": people}
    Rules.objects.update_or_create(source=source, defaults=wanted)
    record("source.ruled", actor=by, subject_id=source.pk, detail=wanted)


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
def leave_out(*, subject: Subject, by: User) -> None:
    """It stays unknown, and is not put on hold again."""
    _, locked = held_by(subject)
    locked.state = Subject.State.LEFT
    locked.save(update_fields=["state"])
    record("subject.left_out", actor=by, subject_id=locked.pk)


def held_by(subject: Subject) -> tuple[Rules, Subject]:
    """Locked as the worker locks it, so that neither makes it twice."""
    Rules.objects.get_or_create(source=subject.source)
    rules = Rules.objects.select_for_update().get(source=subject.source)
    locked = Subject.objects.select_for_update(of=("self",)).get(pk=subject.pk)
    if locked.state != Subject.State.HELD:
        raise Refused
    return rules, locked
