"""What came back: reports of mail servers about messages of ours."""

import hashlib

from django.db import transaction
from django.utils import timezone

from banso.core import bounces as reports
from banso.messages.actions import locked, record_of
from banso.messages.compose import IDENTITY
from banso.messages.models import Bounce, Message
from banso.messages.people import address_key
from banso.messages.telling import tell

State = Message.State
OUT = (State.SENDING, State.SENT, State.UNCERTAIN, State.BOUNCED)


def take_report(raw: bytes) -> bool:
    """Note what a report says of one of our messages; False for any other mail."""
    report = reports.read(raw)
    names = report.identities if report else ()
    uids = [each.removeprefix(IDENTITY) for each in names if each.startswith(IDENTITY)]
    row = Message.objects.filter(uid__in=uids).first()
    if report is None or row is None:
        return False
    digest = hashlib.sha256(raw).hexdigest()
    note_bounce(row, kind=report.kind, status=report.status, digest=digest)
    return True


@transaction.atomic
def note_bounce(row: Message, *, kind: str, status: str, digest: str) -> bool:
    """Write down that a message came back; False where the same report was noted before. What
    only comes later has not bounced."""
    row = locked(row)
    words = {"address": address_key(row.to), "kind": kind, "status": status, "at": timezone.now()}
    _, new = Bounce.objects.get_or_create(message=row, digest=digest, defaults=words)
    if not new:
        return False
    if kind == Bounce.Kind.DELAYED or row.state not in OUT:
        return True

    row.state, row.reason = State.BOUNCED, kind
    row.save(update_fields=["state", "reason"])
    record_of(row, "message.bounced", None, {"kind": kind, "status": status})
    tell(row, "message.bounced")
    return True
