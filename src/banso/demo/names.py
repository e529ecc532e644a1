"""The words a synthetic company is told with: names, industries, purposes, notes."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import numpy as np

from banso.demo.calibration import Ints

type Language = Literal["ja", "en"]


@dataclass(frozen=True)
class Company:
    """Who sells what; a name that says it is invented comes with `notice`."""

    name: str
    product: str
    notice: str
    domain: str = "minamo.example"


COMPANIES: dict[Language, Company] = {
    "ja": Company(
        "株式会社ミナモ工房", "ミナモ", "架空の会社です。登場する組織・人物はすべて創作です。"
    ),
    "en": Company(
        "Minamo Works",
        "Minamo",
        "A fictional company. All organizations and people are invented.",
    ),
}


@cache
def words(part: str) -> dict[str, Any]:
    """One of the word lists beside this module; pairs are [Japanese, English]."""
    text = files("banso.demo").joinpath("words", f"{part}.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def say(pair: list[str], language: Language) -> str:
    return pair[0] if language == "ja" else pair[1]


@dataclass(frozen=True, slots=True)
class Person:
    """A name by its numbers in the lists, so that both languages speak of the same person."""

    surname: int
    given: int

    def name(self, language: Language, *, gap: str = " ") -> str:
        surname, given = self._pairs()
        if language == "ja":
            return f"{surname[0]}{gap}{given[0]}"
        return f"{given[1]} {surname[1]}"

    def surname_in(self, language: Language) -> str:
        return say(self._pairs()[0], language)

    def mailbox(self) -> str:
        surname, given = self._pairs()
        return f"{given[1]}.{surname[1]}".lower()

    def _pairs(self) -> tuple[list[str], list[str]]:
        lists = words("names")
        return lists["surnames"][self.surname], lists["givens"][self.given]


def strangers(n: int, *, rng: np.random.Generator) -> list[Person]:
    """n people; names repeat as they do in life."""
    lists = words("names")
    surnames = rng.integers(0, len(lists["surnames"]), n)
    givens = rng.integers(0, len(lists["givens"]), n)
    pairs = zip(surnames.tolist(), givens.tolist(), strict=True)
    return [_person(surname, given) for surname, given in pairs]


@cache
def _person(surname: int, given: int) -> Person:
    return Person(surname, given)


def colleagues(n: int, *, rng: np.random.Generator) -> list[Person]:
    """n people no two of whom share a full name in either language."""
    found: dict[str, Person] = {}
    while len(found) < n:
        for person in strangers(n, rng=rng):
            found.setdefault(person.mailbox(), person)
    return list(found.values())[:n]


def industries(annual: Ints, *, rng: np.random.Generator) -> Ints:
    """An industry for each customer; sole practitioners are small."""
    weights = np.array([each["weight"] for each in words("names")["industries"]], dtype=float)
    sole = len(weights) - 1
    others = rng.choice(sole, len(annual), p=weights[:-1] / weights[:-1].sum())
    return np.where((annual < 900_000) & (rng.random(len(annual)) < 0.3), sole, others)


@dataclass(frozen=True)
class Called:
    """A customer's name in both languages, and whether it is a person."""

    pair: list[str]
    person: bool = False


def customers(industry: Ints, *, rng: np.random.Generator) -> list[Called]:
    """A name for each customer, unique until the lists run out and numbered branches begin."""
    seen: dict[str, int] = {}
    people = strangers(len(industry), rng=rng)
    draws = rng.integers(0, 1 << 30, (len(industry), 3))
    return [
        _unique(_called(int(kind), draw, person), seen)
        for kind, draw, person in zip(industry, draws.tolist(), people, strict=True)
    ]


def _called(kind: int, draw: list[int], person: Person) -> Called:
    lists = words("names")
    field = lists["industries"][kind]
    pattern = field["names"][draw[0] % len(field["names"])]
    if not pattern[0]:
        return Called([person.name("ja"), person.name("en")], person=True)
    sole = field["code"] == "advisory"
    stem = lists["surnames" if sole else "stems"]
    core = stem[draw[1] % len(stem)]
    place = lists["places"][draw[2] % len(lists["places"])]
    near = draw[2] % 4 == 0 and not sole
    prefix = [place[0].rstrip("都府県"), f"{place[1]} "] if near else ["", ""]
    return Called([form.format(p + c) for form, p, c in zip(pattern, prefix, core, strict=True)])


def _unique(called: Called, seen: dict[str, int]) -> Called:
    count = seen[called.pair[0]] = seen.get(called.pair[0], 0) + 1
    if count == 1 or called.person:
        return called
    place = words("names")["places"][(count * 7) % len(words("names")["places"])]
    office = [f"{place[0].rstrip('都府県')}支社", f"{place[1]} Branch"]
    number = "" if count <= len(words("names")["places"]) else str(count)
    return Called(
        [f"{name} {where}{number}" for name, where in zip(called.pair, office, strict=True)]
    )
