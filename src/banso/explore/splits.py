"""By what an answer can be split: what customers are, or what an event carries."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from banso.base.fields import localized
from banso.base.models import User
from banso.core.conditions import Value
from banso.explore.subjects import Subject
from banso.metrics.fields import Field, fields
from banso.metrics.segments import memberships, segments_in_use
from banso.web.formats import language

SEGMENT, PROPERTY = "segment", "property:"
KINDS = ("choice", "person", "text")
type Parts = list[tuple[int, str]]


def splits_offered(subject: Subject, properties: Sequence[str]) -> list[tuple[Any, Any]]:
    """Nothing, what customers are, and the properties of the events."""
    customers: list[tuple[str, Any]] = [(SEGMENT, pgettext_lazy("saved", "Segment"))]
    customers += [(field.key, field.label) for field in customer_fields()]
    carried = [(f"{PROPERTY}{name}", name) for name in properties]
    groups: list[tuple[Any, Any]] = [
        ("", pgettext_lazy("explore", "Nothing")),
        (_("What customers are"), customers),
    ]
    return [*groups, *([(_("What the event carries"), carried)] if carried else [])]


def customer_fields() -> list[Field]:
    """The fields of customers whose values are words."""
    return [field for field in fields() if field.kind in KINDS and field.at is not None]


def field_of(split: str) -> Field | None:
    return next((field for field in customer_fields() if field.key == split), None)


def belongs(split: str, ids: Collection[int], day: date, user: User) -> Parts | None:
    """In which parts each customer is on a day; None where customers do not split the answer."""
    if split == SEGMENT:
        segments = list(segments_in_use(user))
        uids = {each.pk: each.uid for each in segments}
        members = memberships(segments, ids, day)
        return [(each, uids[segment]) for segment, of in members.items() for each in of]
    field = field_of(split)
    if field is None or field.at is None:
        return None
    values = field.at([(each, day) for each in ids])
    return [(each, part) for each in ids for part in parts_of(values.get((each, day)))]


def parts_of(value: Value) -> Iterable[str]:
    """The words of a value; "" where there is none."""
    if value is None or isinstance(value, str):
        return (value or "",)
    several = value if isinstance(value, Collection) else [value]
    return [str(each) for each in several] or [""]


def part_names(split: str, user: User) -> Mapping[str, str]:
    """What the parts are called, where their code is not their name."""
    if split == SEGMENT:
        return {each.uid: localized(each.name, language()) for each in segments_in_use(user)}
    field = field_of(split)
    if field is None or field.kind == "text" or field.choices is None:
        return {}
    return {code: str(label) for code, label in field.choices()}


def split_name(split: str) -> str:
    """What an answer is split by, as it is read; "" for nothing."""
    if split == SEGMENT:
        return pgettext("saved", "segment")
    if split.startswith(PROPERTY):
        return gettext("“%(event)s”") % {"event": split.removeprefix(PROPERTY)}
    field = field_of(split)
    return str(field.label) if field else ""
