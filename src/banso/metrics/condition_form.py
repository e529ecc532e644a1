"""The one form that builds conditions: rows of field, way and value in groups one level deep.

A page puts `metrics/_conditions.html` inside its own form. Buttons in it post the whole form
with `<prefix>-act`; `acted` is then true, and the page answers with itself again. htmx swaps the
builder alone; without a script the page comes back as a whole.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from banso.core.conditions import All, AnyOf, Condition, Is, Not
from banso.metrics.condition_rows import WAYS, Row, Way, Word, Wrong, comparison, row_of
from banso.metrics.fields import Field

type Match = Literal["all", "any", "none"]
type Method = Literal["get", "post"]
MATCHES: Sequence[tuple[Match, Word]] = (
    ("all", _("all of these")),
    ("any", _("any of these")),
    ("none", _("none of these")),
)
MOST_GROUPS = 8
MOST_ROWS = 20


@dataclass(frozen=True)
class Group:
    """Rows that hang together; the first group is the whole, the others are parts of it."""

    name: str
    match: Match
    rows: tuple[Row, ...]

    @property
    def matches(self) -> Sequence[tuple[Match, Word]]:
        return MATCHES[:2] if self.name.endswith("-0") else MATCHES


class TooDeep(ValueError):
    """A condition that no form of one level of groups can show."""


class ConditionForm:
    """A condition as it is typed; from `data` where the builder is in it, else as it is stored.

    `fields` are what may be asked for. After `is_valid`, `condition` holds the outcome; the
    empty form asks for everything. A page may say in `error` what is wrong with the whole;
    `method` is how its form is sent.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        fields: Sequence[Field],
        condition: Condition | None = None,
        prefix: str = "condition",
        method: Method = "post",
    ) -> None:
        self.fields, self.prefix, self.method = list(fields), prefix, method
        self.stored, self.error = condition, ""
        self.data = data if data is not None and f"{prefix}-groups" in data else None
        self.act = str((data or {}).get(f"{prefix}-act", "")) if self.is_bound else ""
        read = self.read() if self.is_bound else self.told(condition or All())
        self.groups = acted(read, self.act, prefix)
        self.condition: Condition = All()

    @property
    def is_bound(self) -> bool:
        return self.data is not None

    @property
    def acted(self) -> bool:
        """Whether only the builder itself was asked to change, nothing to be saved."""
        return bool(self.act)

    @property
    def errors(self) -> list[Word]:
        return [row.error for group in self.groups for row in group.rows if row.error]

    def is_valid(self) -> bool:
        """Whether every row can be taken; what is wrong stands at its row."""
        made = [[(row, self.taken(row)) for row in group.rows] for group in self.groups]
        self.groups = [
            replace(group, rows=tuple(marked(row, found) for row, found in rows))
            for group, rows in zip(self.groups, made, strict=True)
        ]
        if self.errors:
            return False
        parts = [
            part(group.match, [each for _, each in rows if isinstance(each, Is | Not)])
            for group, rows in zip(self.groups[1:], made[1:], strict=True)
            if any(each for _, each in rows)
        ]
        own = [each for _, each in made[0] if isinstance(each, Is | Not)]
        self.condition = whole(self.groups[0].match, [*own, *parts])
        return True

    def taken(self, row: Row) -> Is | Not | Wrong | None:
        return comparison(row) if row.field else None

    def read(self) -> list[Group]:
        count = bounded(self.one("groups"), MOST_GROUPS)
        return [self.group(f"{self.prefix}-{number}") for number in range(max(1, count))]

    def group(self, name: str) -> Group:
        wanted = self.typed(f"{name}-match")
        match: Match = next((code for code, _ in MATCHES if code == wanted), "all")
        rows = bounded(self.typed(f"{name}-rows"), MOST_ROWS)
        return Group(name, match, tuple(self.row(f"{name}-{number}") for number in range(rows)))

    def row(self, name: str) -> Row:
        """A row as typed; a way that its field does not know becomes the field's first."""
        found = next((f for f in self.fields if f.key == self.typed(f"{name}-field")), None)
        if found is None:
            return Row(name)
        ways = WAYS[found.kind]
        way = next((each for each in ways if each.code == self.typed(f"{name}-way")), ways[0])
        values = self.every(f"{name}-value")
        if self.typed(f"{name}-for") != shape_of(found, way):
            values = ()
        return Row(name, found, way, values)

    def told(self, condition: Condition) -> list[Group]:
        """The groups that show a stored condition; raises TooDeep."""
        match, parts = top(condition)
        rows = [each for each in parts if self.shows(each)]
        rest = [each for each in parts if not self.shows(each)]
        first = self.laid("all" if match == "all" else "any", rows, 0)
        groups = [self.laid(*inner(each), number) for number, each in enumerate(rest, start=1)]
        return [first, *groups]

    def laid(self, match: Match, parts: Sequence[Condition], number: int) -> Group:
        name = f"{self.prefix}-{number}"
        if not all(self.shows(each) for each in parts):
            raise TooDeep(name)
        rows = (
            row_of(f"{name}-{place}", each, self.fields)
            for place, each in enumerate(parts)
            if isinstance(each, Is | Not)
        )
        return Group(name, match, tuple(row for row in rows if row) or (Row(f"{name}-0"),))

    def shows(self, condition: Condition) -> bool:
        return isinstance(condition, Is | Not) and row_of("", condition, self.fields) is not None

    def sections(self) -> list[tuple[Word, list[Field]]]:
        """The fields by the group that they are chosen in, in their order."""
        found: dict[str, tuple[Word, list[Field]]] = {}
        for each in self.fields:
            found.setdefault(str(each.group), (each.group, []))[1].append(each)
        return list(found.values())

    def one(self, name: str) -> str:
        return self.typed(f"{self.prefix}-{name}")

    def typed(self, name: str) -> str:
        return str((self.data or {}).get(name, ""))

    def every(self, name: str) -> tuple[str, ...]:
        if isinstance(self.data, QueryDict):
            return tuple(self.data.getlist(name))
        found = (self.data or {}).get(name, ())
        return (found,) if isinstance(found, str) else tuple(found)


def stored_or_anew(
    data: Mapping[str, Any] | None, fields: Sequence[Field], condition: Condition | None
) -> ConditionForm:
    """The form of a stored condition; one that asks for something gone is asked anew, and says
    so."""
    try:
        return ConditionForm(data, fields=fields, condition=condition)
    except TooDeep:
        made = ConditionForm(data, fields=fields)
        made.error = gettext("It asked for something that is gone: say anew for whom it is.")
        return made


def shape_of(field: Field, way: Way) -> str:
    """What a typed value was meant for: a value for another field or shape is not kept."""
    return f"{field.key} {way.shape}"


def acted(groups: Sequence[Group], act: str, prefix: str) -> list[Group]:
    """The groups after a button: add-G, remove-G-R, add-group, remove-group-G."""
    verb, _, place = act.rpartition(":")
    changed = list(ACTS[verb](groups, place) if verb in ACTS else groups)
    return [renamed(group, f"{prefix}-{number}") for number, group in enumerate(changed)]


def add(groups: Sequence[Group], place: str) -> Iterator[Group]:
    for group in groups:
        fits = group.name == place and len(group.rows) < MOST_ROWS
        yield replace(group, rows=(*group.rows, Row("", fresh=True))) if fits else group


def remove(groups: Sequence[Group], place: str) -> Iterator[Group]:
    for group in groups:
        kept = tuple(row for row in group.rows if row.name != place)
        if len(kept) < len(group.rows) and kept:
            kept = (*kept[:-1], replace(kept[-1], fresh=True))
        yield replace(group, rows=kept)


def add_group(groups: Sequence[Group], place: str) -> list[Group]:
    fits = len(groups) < MOST_GROUPS
    return [*groups, *([Group("", "any", (Row("", fresh=True),))] if fits else [])]


def remove_group(groups: Sequence[Group], place: str) -> list[Group]:
    return [group for group in groups if group.name != place or group is groups[0]]


ACTS = {"add": add, "remove": remove, "add-group": add_group, "remove-group": remove_group}


def renamed(group: Group, name: str) -> Group:
    rows = tuple(replace(row, name=f"{name}-{place}") for place, row in enumerate(group.rows))
    return replace(group, name=name, rows=rows)


def marked(row: Row, found: Is | Not | Wrong | None) -> Row:
    return replace(row, error=found.word if isinstance(found, Wrong) else "")


def top(condition: Condition) -> tuple[Match, tuple[Condition, ...]]:
    match condition:
        case All(of):
            return "all", of
        case AnyOf(of):
            return "any", of
        case _:
            return "all", (condition,)


def inner(condition: Condition) -> tuple[Match, tuple[Condition, ...]]:
    """A part that is no row, as a group."""
    match condition:
        case Not(AnyOf(of)):
            return "none", of
        case Not(Is() as only):
            return "none", (only,)
        case All(of):
            return "all", of
        case AnyOf(of):
            return "any", of
        case _:
            raise TooDeep(type(condition).__name__)


def part(match: Match, rows: Sequence[Condition]) -> Condition:
    if match == "none":
        return Not(AnyOf(tuple(rows)))
    return All(tuple(rows)) if match == "all" else AnyOf(tuple(rows))


def whole(match: Match, parts: Sequence[Condition]) -> Condition:
    return AnyOf(tuple(parts)) if match == "any" and parts else All(tuple(parts))


def bounded(text: str, most: int) -> int:
    return min(int(text), most) if text.isascii() and text.isdecimal() else 0
