"""What somebody with a private link reads beside the plan: public pages and those for customers."""

from collections.abc import Sequence
from dataclasses import dataclass

from banso.assets.help import Found, Text
from banso.assets.use_forms import REACTIONS
from banso.base.workspace import workspace
from banso.web.formats import language


@dataclass(frozen=True)
class HelpList:
    language: str
    synthetic: bool
    company: str
    url: str
    back: str
    found: Found


@dataclass(frozen=True)
class HelpPage:
    """One page and how it was for them; `said` is what they answered."""

    language: str
    synthetic: bool
    company: str
    url: str
    back: str
    text: Text
    reactions: Sequence[tuple[str, object]]
    said: str


def help_list(found: Found, *, url: str, back: str) -> HelpList:
    place = workspace()
    return HelpList(language(), place.synthetic, place.name, url, back, found)


def help_page(text: Text, *, url: str, back: str, said: str) -> HelpPage:
    place = workspace()
    return HelpPage(language(), place.synthetic, place.name, url, back, text, REACTIONS, said)
