"""Who somebody is, as the server of a product says it: a compact token signed with HMAC-SHA-256.

    header.payload.signature, each base64url without padding (RFC 7515, 7519)

The header may say `alg` HS256 and `typ` JWT and nothing else, so that nobody chooses how they are
looked at. The payload names `sub`, the person, and `account`, as the product calls them, and `exp`,
the second in which it ends, at most a day ahead; it may name the language (`lang`) they read.
"""

import base64
import binascii
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

LONGEST = 2_000
LONGEST_ID = 200
MOST_SECONDS = 24 * 60 * 60
type Why = Literal["malformed", "forged", "expired", "too_long_valid", "nobody"]


@dataclass(frozen=True)
class Identity:
    """A person of an account, both as the product calls them."""

    person: str
    account: str
    language: str = ""


class NotVerified(Exception):
    """The token says nothing; `why` is for whoever builds the product."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


def signed(identity: Identity, *, secret: str, until: datetime) -> str:
    """A token, as the product's server makes it."""
    claims: dict[str, object] = {
        "sub": identity.person,
        "account": identity.account,
        "exp": int(until.timestamp()),
    } | ({"lang": identity.language} if identity.language else {})
    said = f"{_packed({'alg': 'HS256', 'typ': 'JWT'})}.{_packed(claims)}"
    return f"{said}.{_written(_signature(said, secret))}"


def verified(token: str, *, secrets: Iterable[str], now: datetime) -> Identity:
    """Whom the token names, if one of the secrets signed it. Raises NotVerified."""
    if len(token) > LONGEST or not token.isascii() or token.count(".") != 2:
        raise NotVerified("malformed")
    said, _, tail = token.rpartition(".")
    header, _, payload = said.partition(".")
    signature = _read(tail)
    if not _is_ours(_object(header)):
        raise NotVerified("malformed")
    if not any(hmac.compare_digest(signature, _signature(said, each)) for each in secrets):
        raise NotVerified("forged")
    return _identity(_object(payload), now.timestamp())


def _identity(claims: dict[str, object], now: float) -> Identity:
    until = claims.get("exp")
    if type(until) is not int:
        raise NotVerified("malformed")
    if until <= now:
        raise NotVerified("expired")
    if until > now + MOST_SECONDS:
        raise NotVerified("too_long_valid")
    spoken = claims.get("lang", "")
    if not isinstance(spoken, str):
        raise NotVerified("malformed")
    return Identity(_name(claims.get("sub")), _name(claims.get("account")), spoken[:20])


def _name(value: object) -> str:
    """An id of a person or an account: text, since 7 and "7" might be two."""
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_ID:
        raise NotVerified("nobody")
    if not value.isprintable():
        raise NotVerified("nobody")
    return value.strip()


def _is_ours(header: dict[str, object]) -> bool:
    return header.get("alg") == "HS256" and header in (
        {"alg": "HS256"},
        {"alg": "HS256", "typ": "JWT"},
    )


def _signature(said: str, secret: str) -> bytes:
    return hmac.digest(secret.encode(), said.encode(), "sha256")


def _packed(value: dict[str, object]) -> str:
    return _written(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())


def _written(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _read(text: str) -> bytes:
    """Only the one way to write these bytes is read: a token that was touched is another."""
    try:
        content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise NotVerified("malformed") from None
    if _written(content) != text:
        raise NotVerified("malformed")
    return content


def _object(text: str) -> dict[str, object]:
    try:
        found = json.loads(_read(text).decode(), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise NotVerified("malformed") from None
    if not isinstance(found, dict):
        raise NotVerified("malformed")
    return found


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object that says something twice could be read in two ways."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("said twice")
    return found
