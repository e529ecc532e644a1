"""What the survivor of a merge is called and how it is reached: one value of each field."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.db.models import Model

from banso.core.text import key
from banso.engagements.models import Engagement
from banso.parties.models import Organization, Party, Person

type Side = Literal["winner", "loser"]

FIELDS: Mapping[str, tuple[str, ...]] = {
    "party": ("name", "name_kana"),
    "organization": ("domain", "phone", "postal_code", "address", "industry", "region"),
    "person": ("email", "phone"),
    "engagement": ("segment", "touch", "owner", "started_on"),
}
"""The fields somebody may choose, by table."""

_MODELS: Mapping[str, type[Model]] = {
    "party": Party,
    "organization": Organization,
    "person": Person,
    "engagement": Engagement,
}


@dataclass(frozen=True)
class Choice:
    """One field that the two tell differently, or only one of them; `side` is whose value the
    survivor gets when nobody chooses otherwise."""

    name: str
    winner: Any
    loser: Any
    side: Side

    @property
    def differs(self) -> bool:
        """Whether both tell it, and not the same."""
        return bool(self.winner) and bool(self.loser) and self.winner != self.loser


def choices(winner: Party, loser: Party) -> list[Choice]:
    """The fields of two parties and of the relationship they share, in the order of FIELDS:
    the survivor's own value where it has one, else the other's; the earlier start."""
    found = []
    for table, mine, theirs in _tables(winner, loser):
        for name in FIELDS[table]:
            one, other = getattr(mine, name), getattr(theirs, name)
            if one or other:
                found.append(Choice(f"{table}.{name}", one, other, _default(name, one, other)))
    return found


def chosen_values(
    winner: Party, loser: Party, sides: Mapping[str, Side]
) -> Iterator[tuple[str, Any, Any]]:
    """(field, before, after) of every field of the survivor that changes, as JSON holds it."""
    for each in choices(winner, loser):
        after = each.loser if sides.get(each.name, each.side) == "loser" else each.winner
        if after != each.winner:
            yield each.name, _plain(each.winner), _plain(after)
            yield from _beside(each.name, winner, loser, after)
    yield from _restriction(winner, loser)


def set_fields(values: Mapping[str, Any], party: int, engagement: int | None) -> None:
    """Write values of a survivor, those of a table at once: constraints see them together."""
    tables: dict[str, dict[str, Any]] = defaultdict(dict)
    for name, value in values.items():
        table, _, column = name.partition(".")
        tables[table][_column(table, column)] = value
    for table, columns in tables.items():
        row = engagement if table == "engagement" else party
        _MODELS[table]._base_manager.filter(pk=row).update(**columns)


def value_of(name: str, party: int, engagement: int | None) -> Any:
    """The value that stands there, as JSON holds it."""
    table, _, column = name.partition(".")
    row = _MODELS[table]._base_manager.get(pk=engagement if table == "engagement" else party)
    return _plain(getattr(row, _column(table, column)))


def _column(table: str, name: str) -> str:
    return getattr(_MODELS[table]._meta.get_field(name), "attname", name)


def shared_engagements(winner: Party, loser: Party) -> list[tuple[Engagement, Engagement]]:
    """The relationships of the same kind that both have."""
    mine = {each.kind: each for each in _open(winner)}
    return [(mine[each.kind], each) for each in _open(loser) if each.kind in mine]


def _open(party: Party) -> list[Engagement]:
    rows = Engagement.objects.filter(party=party, merged_into=None).select_related("owner")
    return list(rows.order_by("pk"))


def _tables(winner: Party, loser: Party) -> Iterator[tuple[str, Any, Any]]:
    yield "party", winner, loser
    for table in ("organization", "person"):
        mine, theirs = getattr(winner, table, None), getattr(loser, table, None)
        if mine is not None and theirs is not None:
            yield table, mine, theirs
    for one, other in shared_engagements(winner, loser):
        yield "engagement", one, other


def _default(name: str, one: Any, other: Any) -> Side:
    if name == "started_on" and one and other:
        return "winner" if one <= other else "loser"
    return "winner" if one else "loser"


def _beside(name: str, winner: Party, loser: Party, after: Any) -> Iterator[tuple[str, Any, Any]]:
    """What goes with a field: the key of a name, the name of an owner."""
    if name == "party.name":
        folded = key(after, strip_legal_form=winner.kind == Party.Kind.ORGANIZATION)
        yield "party.name_key", winner.name_key, folded
    if name == "engagement.owner":
        [(one, other)] = shared_engagements(winner, loser)
        yield "engagement.owner_name", one.owner_name, other.owner_name


def _restriction(winner: Party, loser: Party) -> Iterator[tuple[str, Any, Any]]:
    """What one of two relationships may show to few, the survivor shows to few."""
    for one, other in shared_engagements(winner, loser):
        if other.restricted and not one.restricted:
            yield "engagement.restricted_reason", one.restricted_reason, other.restricted_reason
            yield "engagement.restricted", False, True


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    return value.isoformat() if isinstance(value, date) else value
