"""What the demo company's people know, as it is written in the words beside: assets and plays."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, cast

from banso.demo import names
from banso.demo.names import Language

type Pair = Sequence[str]
MARK, BETWEEN = "=== ", " | "


@dataclass
class Text:
    """What a version of an asset says, and what was new in it."""

    minutes: int
    note: Pair = ("", "")
    title: dict[str, str] = field(default_factory=dict)
    body: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class AssetWords:
    """An asset: who writes it in which week of the year, for whom, and in which week again."""

    key: str
    kind: str
    audience: str
    author: int
    week: int
    again: int | None
    texts: Sequence[Text]


@dataclass(frozen=True)
class StepWords:
    kind: str
    day: int
    within: int
    words: Pair
    asset: str = ""


@dataclass(frozen=True)
class Decided:
    """What became of a run once its window had passed, and why."""

    decision: str
    words: Pair = ("", "")


@dataclass(frozen=True)
class PlayWords:
    """A play, as it was first written or as it was adjusted; `decided` None: nobody has yet."""

    key: str
    week: int
    author: int
    team: bool
    name: Pair
    purpose: Pair
    kinds: Sequence[str]
    touches: Sequence[str]
    automatic: bool
    condition: Mapping[str, Any]
    metric: str
    window: int
    capacity: int
    most: int
    apart: int
    steps: Sequence[StepWords]
    first_step: Pair
    decided: Decided | None
    adjusted: "PlayWords | None"


@cache
def asset_words() -> list[AssetWords]:
    """All of them in the order of their weeks."""
    folder = files("banso.demo").joinpath("words", "assets")
    named = sorted((each for each in folder.iterdir() if each.name.endswith(".md")), key=name_of)
    found = [read_asset(name_of(each), each.read_text(encoding="utf-8")) for each in named]
    return sorted(found, key=lambda each: each.week)


def name_of(file: Any) -> str:
    return str(file.name).removesuffix(".md")


def read_asset(key: str, text: str) -> AssetWords:
    """The head's `name: value` lines, then parts: a language with its title and text, or
    what the next version is about."""
    head, *parts = text.split(f"\n{MARK}")
    told = dict(line.split(": ", 1) for line in head.strip().splitlines())
    texts = [Text(int(told["minutes"]))]
    for part in parts:
        line, _, body = part.partition("\n")
        code, *words = line.split(BETWEEN)
        if code == "version":
            texts.append(Text(int(words[0]), words[1:]))
        else:
            texts[-1].title[code], texts[-1].body[code] = words[0], body.strip() + "\n"
    return AssetWords(
        key=key,
        kind=told["kind"],
        audience=told.get("audience", "internal"),
        author=int(told["author"]),
        week=int(told["week"]),
        again=int(told["again"]) if "again" in told else None,
        texts=texts,
    )


def play_words() -> list[PlayWords]:
    """The plays in the order of the list."""
    return [read_play(each) for each in names.words("plays")["plays"]]


def read_play(told: Mapping[str, Any]) -> PlayWords:
    """What an adjusted play does not say anew is as it was."""
    again = told.get("adjusted")
    rest = {each: value for each, value in told.items() if each not in ("adjusted", "decision")}
    adjusted = read_play({**rest, **again}) if again else None
    decided = told.get("decision")
    return PlayWords(
        **{
            **rest,
            "automatic": told.get("automatic", False),
            "steps": [StepWords(**step) for step in told["steps"]],
            "decided": Decided(decided[0], decided[1:] or ("", "")) if decided else None,
            "adjusted": adjusted,
        }
    )


def kind_words() -> dict[str, int | Pair]:
    """Kinds of barriers by what plays call them: which of the usual five, or a name."""
    return cast("dict[str, int | Pair]", names.words("plays")["kinds"])


def both(pair: Pair) -> dict[str, str]:
    """As definitions keep a text in two languages."""
    return {"ja": pair[0], "en": pair[1]}


def said(pair: Pair, language: Language) -> str:
    return names.say(list(pair), language)


def put_in(condition: Any, things: Mapping[str, str]) -> Any:
    """A condition's JSON with the uid of what it names by @kind:… or @stage:…."""
    return json.loads(json.dumps(condition), object_hook=lambda each: replaced(each, things))


def replaced(told: dict[str, Any], things: Mapping[str, str]) -> dict[str, Any]:
    value = told.get("value")
    if isinstance(value, list):
        return told | {"value": [things.get(str(each), each) for each in value]}
    known = isinstance(value, str) and value in things
    return told | {"value": things[str(value)]} if known else told


def due[T: (AssetWords, PlayWords)](rows: Sequence[T], weeks: range) -> Iterator[T]:
    """Those that are first written in these weeks."""
    return (each for each in rows if each.week in weeks)
