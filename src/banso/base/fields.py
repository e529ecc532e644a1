"""Field kinds that several rooms share."""

import secrets
from typing import TYPE_CHECKING, Any

from django.db import models

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
UID_LENGTH = 16


def new_uid() -> str:
    """A random 16-character name for addresses (79 bits), without look-alike characters."""
    return "".join(secrets.choice(ALPHABET) for _ in range(UID_LENGTH))


if TYPE_CHECKING:
    Text = models.CharField[str, str]
else:
    Text = models.CharField


class UidField(Text):
    """The public name of a row; integer keys stay inside."""

    def __init__(self, **options: Any) -> None:
        defaults: dict[str, Any] = {
            "max_length": UID_LENGTH,
            "default": new_uid,
            "unique": True,
            "editable": False,
        }
        super().__init__(**(defaults | options))


def localized(value: object, language: str) -> str:
    """The text of a {ja, en} value in `language`, else in the other; a plain text as it is."""
    if not isinstance(value, dict):
        return str(value or "")
    other = "en" if language.startswith("ja") else "ja"
    return str(value.get(language[:2]) or value.get(other) or "")
