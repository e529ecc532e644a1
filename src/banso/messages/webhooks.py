"""What is posted to the workspace's own address: signed, until it was taken (at least once).

As in the Standard Webhooks specification: `webhook-id` is the same each time, so that a receiver
knows what it has; `webhook-signature` is the HMAC of id, time and body.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.tasks import task
from django.utils import timezone

from banso.base import outgoing
from banso.base.activity import record
from banso.base.models import User
from banso.base.sealing import Unreadable, seal, unseal
from banso.engagements.models import Engagement
from banso.events.after import unless_waiting
from banso.messages.models import Posting, Webhook

PREFIX = "whsec_"
LEASE = timedelta(minutes=3)
BACKOFF = (1, 5, 30, 120, 300, 600, 840, 1200)  # minutes
ATTEMPTS = 9
AT_ONCE = 200
State = Posting.State


@transaction.atomic
def set_webhook(*, address: str, by: User) -> str:
    """From now on post there; the new secret, which is never shown again. Raises
    outgoing.Refused("bad_address")."""
    parts = outgoing.checked(address)
    secret = PREFIX + base64.b64encode(secrets.token_bytes(32)).decode("ascii")
    words = {"sealed_address": seal(address), "sealed_secret": seal(secret), "set_by": by}
    words |= {"host": str(parts.hostname), "set_at": timezone.now()}
    Webhook.objects.update_or_create(id=1, defaults=words)
    record("webhook.set", actor=by)
    return secret


@transaction.atomic
def drop_webhook(*, by: User) -> bool:
    """Post nowhere any more; what waits goes on waiting. False where there was none."""
    if not Webhook.objects.all().delete()[0]:
        return False
    record("webhook.dropped", actor=by)
    return True


@transaction.atomic
def put(*, engagement: Engagement, once: str, payload: Mapping[str, object]) -> Posting:
    """Into the outbox, in the caller's transaction, one time for ever."""
    now = timezone.now()
    words = {"engagement": engagement, "payload": dict(payload), "made_at": now, "next_at": now}
    row, _ = Posting.objects.get_or_create(once=once, defaults=words)
    return row


@transaction.atomic
def post_again(*, posting: Posting, by: User) -> bool:
    """Try again what was given up; False where it was not."""
    failed = Posting.objects.filter(pk=posting.pk, state=State.FAILED)
    words = {"state": State.WAITING, "next_at": timezone.now(), "attempts": 0}
    if not failed.update(**words):
        return False
    record("posting.tried_again", actor=by, subject_id=posting.pk)
    return True


def due_postings(now: datetime | None = None) -> bool:
    """Enqueue the posting of what is due; called by the worker now and then."""
    due = Posting.objects.filter(state=State.WAITING, next_at__lte=now or timezone.now())
    if not due.exists() or not Webhook.objects.exists():
        return False
    unless_waiting(post_due)
    return True


@task
def post_due() -> int:
    """Post what is due; how many were taken."""
    webhook = Webhook.objects.first()
    if webhook is None:
        return 0
    due = Posting.objects.filter(state=State.WAITING, next_at__lte=timezone.now())
    numbers = list(due.order_by("next_at", "id").values_list("pk", flat=True)[:AT_ONCE])
    return sum(deliver(webhook, number) for number in numbers)


def deliver(webhook: Webhook, number: int) -> bool:
    """Post one; True where it was taken now."""
    row = lease(number)
    if row is None:
        return False
    try:
        answer = post(webhook, row)
    except outgoing.Refused as problem:
        return later(row, problem.code)
    except Unreadable:
        return later(row, "sealed")
    if not 200 <= answer.status < 300:
        return later(row, f"http {answer.status}")
    mine = Posting.objects.filter(pk=row.pk, state=State.WAITING)
    taken = {"state": State.TAKEN, "taken_at": timezone.now(), "next_at": None}
    return bool(mine.update(**taken, answer=f"http {answer.status}"))


@transaction.atomic
def lease(number: int) -> Posting | None:
    """The posting, for this worker alone for a while; None where another has it."""
    now = timezone.now()
    row = Posting.objects.select_for_update(of=("self",)).filter(pk=number).first()
    if row is None or row.next_at is None or row.next_at > now:
        return None
    row.attempts += 1
    row.next_at = now + LEASE
    row.save(update_fields=["attempts", "next_at"])
    return row


def later(row: Posting, answer: str) -> bool:
    """It was not taken: try again later, or give up after the last attempt."""
    mine = Posting.objects.filter(pk=row.pk, state=State.WAITING)
    if row.attempts >= ATTEMPTS:
        mine.update(state=State.FAILED, next_at=None, answer=answer)
        return False
    again = timezone.now() + timedelta(minutes=BACKOFF[min(row.attempts, len(BACKOFF)) - 1])
    mine.update(next_at=again, answer=answer)
    return False


def post(webhook: Webhook, row: Posting) -> outgoing.Answer:
    """Send body and signature, and see what comes back. Raises outgoing.Refused, Unreadable."""
    body = json.dumps({"id": row.uid, **row.payload}, sort_keys=True).encode()
    at = str(int(timezone.now().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "webhook-id": row.uid,
        "webhook-timestamp": at,
        "webhook-signature": signature(unseal(webhook.sealed_secret), row.uid, at, body),
    }
    return outgoing.post(unseal(webhook.sealed_address), body, headers=headers)


def signature(secret: str, uid: str, at: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.new(key, f"{uid}.{at}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode("ascii")
