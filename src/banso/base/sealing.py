"""Secrets of people that we must use again: encrypted at rest with a key outside the database."""

import base64

from django.conf import settings


class Unreadable(Exception):
    """The text was sealed under another key."""


def seal(text: str) -> str:
    """The text encrypted and signed, different each time."""
    from cryptography.fernet import Fernet

    return Fernet(_key()).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """The text behind `seal`. Raises Unreadable."""
    from cryptography.fernet import Fernet, InvalidToken

    try:
        return Fernet(_key()).decrypt(sealed.encode("ascii")).decode()
    except InvalidToken as error:
        raise Unreadable from error


def _key() -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"banso.sealing")
    return base64.urlsafe_b64encode(derive.derive(settings.SECRET_KEY.encode()))
