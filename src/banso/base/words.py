"""The word list at work: every sentence the product says passes through it on its way out."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from django.utils import translation
from django.utils.safestring import SafeData, mark_safe
from django.utils.translation import get_language, trans_real

from banso.core.lexicon import Lexicon, Words

SPOKEN: ContextVar[Lexicon | None] = ContextVar("lexicon", default=None)


@contextmanager
def spoken(words: Words) -> Iterator[None]:
    """Within, the product speaks with these words."""
    token = SPOKEN.set(lexicon(json.dumps(words, sort_keys=True)) if words else None)
    try:
        yield
    finally:
        SPOKEN.reset(token)


@lru_cache(maxsize=8)
def lexicon(words: str) -> Lexicon:
    """One for each word list, so that it remembers what it said."""
    return Lexicon(json.loads(words))


def said(text: str) -> str:
    own = SPOKEN.get()
    if own is None:
        return text
    new = own.say(str(text), get_language() or "en")
    return mark_safe(new) if isinstance(text, SafeData) else new


def gettext(message: str) -> str:
    return said(trans_real.gettext(message))


def ngettext(singular: str, plural: str, number: int) -> str:
    return said(trans_real.ngettext(singular, plural, number))


def pgettext(context: str, message: str) -> str:
    return said(trans_real.pgettext(context, message))


def npgettext(context: str, singular: str, plural: str, number: int) -> str:
    return said(trans_real.npgettext(context, singular, plural, number))


def listen() -> None:
    """Stand between Django's catalogues and everybody who asks for a sentence: code, templates,
    forms and mails all ask through these four. Called once, when the room gets ready."""
    django: Any = translation
    for ask in (gettext, ngettext, pgettext, npgettext):
        setattr(django._trans, ask.__name__, ask)
