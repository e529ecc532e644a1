"""The word list: a company's own nouns put in the place of the product's, in finished sentences.

Sentences of the product are written with its own nouns. Where a company calls its customers
members, each "customer" of a sentence becomes "member" on its way out: in the number and case
it stands in, with the article it needs. What is named by people (values between the words, file
columns, addresses, markup) is never touched.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

type Language = Literal["ja", "en"]
type Words = Mapping[str, Mapping[str, object]]
LONGEST = 40
ALLOWED = re.compile(r"[^\W\d_](?:[\w \-・]*[\w])?")
APART = r"%\([^)]*\)[a-zA-Z]|\{\{.*?\}\}|<[^>]*>"
KATAKANA = "[ァ-ヺー]"


@dataclass(frozen=True)
class Noun:
    """A noun of the product: in Japanese, and in English for one and for many."""

    ja: str
    one: str
    many: str


NOUNS: Mapping[str, Noun] = {
    "customer": Noun("お客様", "customer", "customers"),
    "success_plan": Noun("サクセスプラン", "success plan", "success plans"),
    "target": Noun("達成基準", "target", "targets"),
    "gap": Noun("ギャップ", "gap", "gaps"),
    "stake": Noun("ステーク", "stake", "stakes"),
    "action": Noun("アクション", "next step", "next steps"),
}


def problem_of(word: str) -> str | None:
    """Why a word cannot stand in sentences: "too_long" (over 40), or "not_a_word" where it is
    not made of letters, digits, spaces, hyphens and middle dots, beginning with a letter."""
    if len(word) > LONGEST:
        return "too_long"
    return None if ALLOWED.fullmatch(word) else "not_a_word"


@dataclass(frozen=True)
class Lexicon:
    """What a company says instead: {noun: {"ja": word, "one": word, "many": word}}."""

    words: Words
    spoken: dict[tuple[str, str], str] = field(default_factory=dict, compare=False)

    def say(self, text: str, language: str) -> str:
        """The sentence in the company's words; what was said once is remembered."""
        known = self.spoken.get((language, text))
        if known is None:
            put = put_japanese if language.startswith("ja") else put_english
            known = self.spoken[language, text] = put(text, self.words)
        return known


def put_japanese(text: str, words: Words) -> str:
    """Japanese nouns do not bend; a katakana noun within a longer katakana word stays."""
    instead = {
        noun.ja: word for key, noun in NOUNS.items() if (word := good(words, key, "ja")) is not None
    }
    if not instead:
        return text
    return apart(text, "|".join(map(whole, instead)), lambda found: instead[found[0]])


def whole(noun: str) -> str:
    """The pattern of a noun that is no part of a longer katakana word."""
    katakana = re.fullmatch(f"{KATAKANA}+", noun)
    return f"(?<!{KATAKANA}){noun}(?!{KATAKANA})" if katakana else noun


def put_english(text: str, words: Words) -> str:
    """English nouns keep their number, their capital and the right article before them."""
    instead = {}
    for key, noun in NOUNS.items():
        for number, own in (("one", noun.one), ("many", noun.many)):
            if (word := good(words, key, number)) is not None:
                instead[own] = word
    if not instead:
        return text
    nouns = "|".join(sorted(map(re.escape, instead), key=len, reverse=True))
    pattern = rf"(?i:(?<![\w/@.-])(?:(an?)(\s+))?({nouns})(?![\w*]|\.\w|\s+success\b))"
    return apart(text, pattern, lambda found: bent(found, instead))


def bent(found: "re.Match[str]", instead: Mapping[str, str]) -> str:
    article, space, noun = found[1], found[2], found[3]
    word = instead[noun.lower()]
    word = word[0].upper() + word[1:] if noun[0].isupper() else word
    if article is None:
        return word
    fitting = "an" if begins_with_vowel(word) else "a"
    return (fitting.capitalize() if article[0].isupper() else fitting) + space + word


def begins_with_vowel(word: str) -> bool:
    """By the sound of the usual words: an account, a user, a European one."""
    return re.match(r"(?i)(?!uni|us[aeiou]|eu|one)[aeiou]", word) is not None


def apart(text: str, nouns: str, put: "Callable[[re.Match[str]], str]") -> str:
    """Replace in the text, leaving placeholders and markup as they are."""
    pieces = re.split(f"({APART})", text)
    return "".join(
        piece if number % 2 else re.sub(nouns, put, piece) for number, piece in enumerate(pieces)
    )


def good(words: Words, key: str, form: str) -> str | None:
    """The company's word for this form, if it has a usable one; for many, else that for one."""
    forms = words.get(key, {})
    word = forms.get(form) or (forms.get("one") if form == "many" else None)
    usable = isinstance(word, str) and problem_of(word) is None
    return word if usable and isinstance(word, str) else None
