"""The verbs of write keys: made, rotated, revoked; whose pages a browser's key serves."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from banso.base.activity import record
from banso.base.models import User
from banso.events.models import Source
from banso.ingest.models import WriteKey

PREFIX = {WriteKey.Kind.SERVER: "srv_", WriteKey.Kind.BROWSER: "web_"}
HINT = 10


@dataclass(frozen=True)
class MadeKey:
    """A new key and, this once, its secret."""

    key: WriteKey
    secret: str


class AlreadyRevoked(Exception):
    """A key that works no more cannot be rotated or revoked."""


@transaction.atomic
def make_key(*, source: Source, kind: str, by: User | None, origins: Sequence[str] = ()) -> MadeKey:
    """A key for the source; a server's secret is shown only now."""
    made = new_key(source, WriteKey.Kind(kind), origins, by)
    record("write_key.made", actor=by, subject_id=made.key.pk, detail={"kind": kind})
    return made


@transaction.atomic
def rotate(*, key: WriteKey, by: User | None) -> MadeKey:
    """A further key in the place of this one, which works until it is revoked."""
    locked = open_key(key)
    made = new_key(locked.source, WriteKey.Kind(locked.kind), locked.origins, by, locked)
    record("write_key.rotated", actor=by, subject_id=made.key.pk, detail={"from": locked.pk})
    return made


@transaction.atomic
def revoke(*, key: WriteKey, by: User | None) -> None:
    """The key works no more, from the next request on."""
    locked = open_key(key)
    locked.revoked_at, locked.revoked_by = timezone.now(), by
    locked.save(update_fields=["revoked_at", "revoked_by"])
    record("write_key.revoked", actor=by, subject_id=locked.pk)


@transaction.atomic
def allow_origins(*, key: WriteKey, origins: Sequence[str], by: User | None) -> None:
    """The browser's key serves pages of these origins; of all when there are none."""
    locked = open_key(key)
    locked.origins = list(origins)
    locked.save(update_fields=["origins"])
    record("write_key.restricted", actor=by, subject_id=key.pk, detail={"count": len(origins)})


def open_key(key: WriteKey) -> WriteKey:
    locked = WriteKey.objects.select_for_update().get(pk=key.pk)
    if locked.revoked_at is not None:
        raise AlreadyRevoked
    return locked


def new_key(
    source: Source,
    kind: WriteKey.Kind,
    origins: Sequence[str],
    by: User | None,
    replaces: WriteKey | None = None,
) -> MadeKey:
    secret = PREFIX[kind] + secrets.token_urlsafe(24)
    public = kind == WriteKey.Kind.BROWSER
    key = WriteKey.objects.create(
        source=source,
        kind=kind,
        digest=digest_of(secret),
        shown=secret if public else secret[:HINT],
        origins=list(origins) if public else [],
        made_by=by,
        replaces=replaces,
    )
    return MadeKey(key, secret)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
