"""What a condition may ask for: one registry, to which every room adds the fields it knows."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import Q
from django.utils.functional import Promise

from banso.core.conditions import Is, Value

type Kind = Literal["text", "choice", "number", "share", "money", "date", "boolean", "person"]
type At = tuple[int, date]
type Choices = Sequence[tuple[str, str | Promise]]


@dataclass(frozen=True)
class Field:
    """Something that can be asked of an engagement, or of an event.

    `choices` are the values that a choice or a person is one of, and suggestions for a text. `q`
    finds the engagements for which a comparison holds on a day, as `holds` would say of `at`,
    their values on days. A field without `at` is of today alone: it rests on where engagements
    stand. `share` is kept 0 to 1 and typed per cent, `money` kept in the workspace's minor unit.
    """

    key: str
    label: str | Promise
    kind: Kind
    group: str | Promise = ""
    choices: Callable[[], Choices] | None = None
    q: Callable[[Is, date], Q] | None = None
    at: Callable[[Collection[At]], Mapping[At, Value]] | None = None


type Source = Callable[[], Iterable[Field]]
OFFERED: list[Source] = []


def offer_field(field: Field) -> None:
    """Add a field of engagements; called from the room's AppConfig.ready."""
    offer_fields(lambda: [field])


def offer_fields(source: Source) -> None:
    """Add fields that are known only when they are asked for."""
    OFFERED.append(source)


def fields() -> list[Field]:
    """Every field that can be asked of an engagement, in the order the rooms offered them."""
    return [field for source in OFFERED for field in source()]
