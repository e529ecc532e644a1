"""A text with fields as one person gets it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from banso.assets.actions import LANGUAGES
from banso.assets.models import AssetVersion
from banso.assets.recipients import values_for
from banso.core.placeholders import as_markdown, filled, missing
from banso.engagements.models import Engagement
from banso.messages.people import Reader
from banso.parties.models import Party

LONGEST_TITLE = 300


@dataclass(frozen=True)
class Words:
    """What is written, {language: text} each, with fields to fill in."""

    title: Mapping[str, str]
    body: Mapping[str, str]

    @property
    def languages(self) -> list[str]:
        """Those that have both."""
        return [each for each in LANGUAGES if self.title.get(each) and self.body.get(each)]


@dataclass(frozen=True)
class Letter:
    """What one person gets; `missing` are the fields nothing is known for."""

    language: str
    title: str
    body: str
    missing: Sequence[str]


def words_of(version: AssetVersion) -> Words:
    return Words(version.title, version.body)


def letter_for(words: Words, engagement: Engagement, reader: Reader, today: date) -> Letter:
    """In the reader's language where it is written in it, else in the other."""
    written = words.languages
    language = reader.language if reader.language in written else written[0]
    title, body = words.title[language], words.body[language]
    person = Party(name=reader.at.name)
    values = values_for(engagement, person, today=today, language=language, shared_only=True)
    return Letter(
        language,
        " ".join(filled(title, values).split())[:LONGEST_TITLE],
        filled(body, as_markdown(values)),
        missing(f"{title}\n{body}", values),
    )
