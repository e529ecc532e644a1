"""What the other side reads of assets: a list to search, and a page in one language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.safestring import SafeString, mark_safe

from banso.assets.actions import written_in
from banso.assets.models import Asset, AssetVersion
from banso.base import search
from banso.core.markdown import rendered

MOST = 200


@dataclass(frozen=True)
class HelpLine:
    """A page of the list; `language` is the one it is read in."""

    uid: str
    title: str
    language: str


@dataclass(frozen=True)
class Found:
    """The pages for a reader of a language, those that hold the words asked for; `more` than are
    shown."""

    q: str
    lines: Sequence[HelpLine]
    more: bool


@dataclass(frozen=True)
class Text:
    """A page as it is read; `others` are the languages it is written in too."""

    title: str
    html: SafeString
    language: str
    others: Sequence[str]
    changed_at: datetime


def found(rows: QuerySet[Asset], language: str, q: str) -> Found:
    """By title; two statements at most."""
    if q:
        rows = rows.filter(pk__in=search.found(f"help-{language}", q))
    told = list(rows.order_by("-changed_at", "-pk")[: MOST + 1])
    lines = [line_of(each, language) for each in told[:MOST]]
    return Found(q, sorted(lines, key=lambda each: each.title), len(told) > MOST)


def line_of(asset: Asset, language: str) -> HelpLine:
    version = in_force(asset)
    spoken = spoken_in(version, language)
    return HelpLine(asset.uid, version.title[spoken], spoken)


def text_of(asset: Asset, language: str, address: Callable[[str], str]) -> Text:
    """The version in force in a language, else in the one there is; `address` is of a picture."""
    version = in_force(asset)
    spoken = spoken_in(version, language)
    names = asset.pictures.values_list("name", flat=True)
    pictures: Mapping[str, str] = {name: address(name) for name in names}
    return Text(
        version.title[spoken],
        mark_safe(rendered(version.body[spoken], pictures)),
        spoken,
        [each for each in written_in(version) if each != spoken],
        version.published_at,
    )


def in_force(asset: Asset) -> AssetVersion:
    assert asset.current is not None  # of everything that access.help_pages gives
    return asset.current


def spoken_in(version: AssetVersion, language: str) -> str:
    there = written_in(version)
    return language if language in there else there[0]
