"""What a product tells of people and accounts: the few traits that have a place here."""

from collections.abc import Mapping
from typing import Any

PERSON_TRAITS = {
    "name": ("name",),
    "email": ("email",),
    "phone": ("phone",),
    "title": ("title", "jobTitle", "position"),
}
ACCOUNT_TRAITS = {
    "name": ("name",),
    "industry": ("industry",),
    "domain": ("website", "domain"),
    "phone": ("phone",),
}
LENGTHS = {"name": 300, "email": 254, "phone": 60, "title": 120, "industry": 120, "domain": 253}


def picked(traits: Mapping[str, Any], wanted: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The traits that are kept, cut to what their columns hold; others are not looked at."""
    found = {field: first(traits, names, LENGTHS[field]) for field, names in wanted.items()}
    if "email" in wanted and not found["name"]:
        found["name"] = full_name(traits)
    return {field: text for field, text in found.items() if text}


def full_name(traits: Mapping[str, Any]) -> str:
    """First name first, but 山田 太郎."""
    given, family = first(traits, ("firstName",), 140), first(traits, ("lastName",), 140)
    parts = (given, family) if (given + family).isascii() else (family, given)
    return " ".join(filter(None, parts))


def first(traits: Mapping[str, Any], names: tuple[str, ...], length: int) -> str:
    """The first of these traits that is a text or a number."""
    for name in names:
        value = traits.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool):
            return " ".join(str(value).replace("\0", " ").split())[:length]
    return ""
