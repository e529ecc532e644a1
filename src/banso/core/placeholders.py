"""Fields of a message that are filled in for whoever gets it: {customer}, {お客様名}."""

import re
from collections.abc import Collection, Mapping

_FIELD = re.compile(r"\{\s*([^{}\n]{1,60}?)\s*\}")
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~&])")

FIELDS: Mapping[str, str] = {
    "customer": "お客様名",
    "contact": "先方のお名前",
    "owner": "担当者",
    "company": "自社名",
    "goal": "ゴール",
    "next_step": "次のアクション",
    "next_step_due": "期日",
    "today": "今日",
}
"""What a field is called in English and in Japanese; both may be written in either language."""


def fields_in(text: str) -> list[str]:
    """The names between braces as they are written, each once, in order."""
    return list(dict.fromkeys(_FIELD.findall(text)))


def unknown(text: str) -> list[str]:
    """The names that no field has."""
    return [name for name in fields_in(text) if field_of(name) is None]


def field_of(name: str) -> str | None:
    """The field of a name in either language; None for no field."""
    folded = name.casefold()
    return next((field for field, own in FIELDS.items() if folded in (field, own)), None)


def missing(text: str, values: Mapping[str, str]) -> list[str]:
    """The names for which there is no value."""
    return [name for name in fields_in(text) if not values.get(field_of(name) or "")]


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with the values in the place of their fields; one without a value stays."""
    return _FIELD.sub(lambda found: values.get(field_of(found[1]) or "") or found[0], text)


def as_markdown(values: Mapping[str, str]) -> dict[str, str]:
    """The values so that Markdown shows them as they are."""
    return {field: _MARKUP.sub(r"\\\1", " ".join(text.split())) for field, text in values.items()}


def names(language: str) -> Collection[str]:
    """What the fields are called in a language."""
    return list(FIELDS.values()) if language == "ja" else list(FIELDS)
