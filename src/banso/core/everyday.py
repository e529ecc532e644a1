"""What somebody asks for in everyday words, in Japanese and English, and whether a text answers.

Japanese is cut where a word begins: at a run of Chinese characters or katakana, with the hiragana
after it. Endings and particles are left out, so that 止まっている asks for 止ま, which 止まった has
too. Of an English word the end is left out. What is indexed are banso.core.text.search_tokens.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from banso.core.text import search_tokens

ENOUGH = 0.5
STEM = 4
ENDING = 3
MOST_WORDS = 40
_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_HAN}]+[ぁ-ゖ]*|[ァ-ヺー]+|[ぁ-ゖ]+|[^\W_ぁ-ヺー{_HAN}]+")
_HEAD = re.compile(rf"[{_HAN}]+")
_PARTICLES = frozenset("がをはにでとのもへやか")
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be but by can do does for from has have he her his how i if in is it "
        "its me my no not of on or our she so that the their them they this to us was we were "
        "what when which who with you your",
    )
)


@dataclass(frozen=True)
class Asked:
    """A word of a question and the beginnings of tokens by which a text answers it."""

    word: str
    stems: Sequence[str]


def asked(question: str) -> list[Asked]:
    """The words of a question that say something; where none does, all of them."""
    words = _WORD.findall(unicodedata.normalize("NFKC", question))[:MOST_WORDS]
    telling = [Asked(word, stems(word)) for word in words if tells(word)]
    return telling or [Asked(word, search_tokens(word)) for word in words]


def tells(word: str) -> bool:
    """Not hiragana alone, which is grammar more often than not, nor an empty English word."""
    return not re.fullmatch("[ぁ-ゖ]+", word) and word.casefold() not in _EMPTY


def stems(word: str) -> list[str]:
    head = _HEAD.match(word)
    if head is None:
        return [shortened(word.casefold())] if word.isascii() else search_tokens(word)
    if len(head[0]) > 1 or len(word) == 1 or word[1] in _PARTICLES:
        return search_tokens(head[0])
    return search_tokens(word[:2])


def shortened(word: str) -> str:
    """An English word without what may be an ending."""
    return word[: max(STEM, len(word) - ENDING)]


def answers(text: Collection[str], word: Asked) -> bool:
    """Whether at least half of what a word asks for begins some token of the text."""
    met = sum(any(token.startswith(stem) for token in text) for stem in word.stems)
    return met >= ENOUGH * len(word.stems)


def answered(text: Collection[str], question: Sequence[Asked]) -> int:
    """How many words of the question the text answers; 0 where it is under half of them."""
    met = sum(answers(text, word) for word in question)
    return met if met >= ENOUGH * len(question) else 0
