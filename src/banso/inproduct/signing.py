"""The verbs of a product's embedding: which pages may ask, what its server signs with."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from banso.base.activity import record
from banso.base.models import User
from banso.base.sealing import Unreadable, seal, unseal
from banso.events.models import Source
from banso.inproduct.models import Embedding, SigningKey

PREFIX = "sign_"
HINT = 9
MOST_OPEN = 2


class Refused(Exception):
    """The verb does not apply; `code` says why: "two_open", "revoked"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class MadeKey:
    """A new key and, this once, its secret."""

    key: SigningKey
    secret: str


@transaction.atomic
def allow_origins(*, source: Source, origins: Sequence[str], by: User | None) -> Embedding:
    """From the next request on, pages of these origins may ask, and no others."""
    found, _ = Embedding.objects.update_or_create(
        source=source, defaults={"origins": list(origins)}
    )
    detail = {"count": len(origins)}
    record("embedding.restricted", actor=by, subject_id=source.pk, detail=detail)
    return found


@transaction.atomic
def make_signing_key(*, source: Source, by: User | None) -> MadeKey:
    """A further key, shown only now; the one before works until it is revoked. Raises
    Refused("two_open") where two are open already."""
    Source.objects.select_for_update().get(pk=source.pk)
    if open_keys(source.pk).count() >= MOST_OPEN:
        raise Refused("two_open")

    secret = PREFIX + secrets.token_urlsafe(32)
    key = SigningKey.objects.create(
        source=source, sealed=seal(secret), hint=secret[:HINT], made_by=by
    )
    record("signing_key.made", actor=by, subject_id=key.pk)
    return MadeKey(key, secret)


@transaction.atomic
def revoke_signing_key(*, key: SigningKey, by: User | None) -> None:
    """What it signed says nothing any more. Raises Refused("revoked") the second time."""
    locked = SigningKey.objects.select_for_update(of=("self",)).get(pk=key.pk)
    if locked.revoked_at is not None:
        raise Refused("revoked")

    locked.revoked_at, locked.revoked_by = timezone.now(), by
    locked.save(update_fields=["revoked_at", "revoked_by"])
    record("signing_key.revoked", actor=by, subject_id=key.pk)


def open_keys(source: int) -> QuerySet[SigningKey]:
    return SigningKey.objects.filter(source=source, revoked_at=None)


def open_secrets(source: int) -> list[str]:
    """What the product may sign with now; a key sealed under another key of ours is none."""
    return [each for key in open_keys(source) if (each := secret_of(key))]


def secret_of(key: SigningKey) -> str:
    try:
        return unseal(key.sealed)
    except Unreadable:
        return ""
