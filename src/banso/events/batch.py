"""What one import does to the database, gathered so that it can be written in bulk and undone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Model

from banso.actions.models import Contact
from banso.base.models import StaffGrant, User
from banso.core.text import key
from banso.engagements.models import Contract, Engagement
from banso.events.models import ExternalId, Import, ImportChange, StaffName
from banso.events.rows import CellProblem, Read
from banso.parties.models import Membership, Organization, Party, Person

# Rooms that know more than this one add their tables from AppConfig.ready.
TABLES: dict[str, type[Model]] = {
    "party": Party,
    "organization": Organization,
    "person": Person,
    "membership": Membership,
    "engagement": Engagement,
    "contract": Contract,
    "contact": Contact,
    "external_id": ExternalId,
}
CHUNK = 500


@dataclass
class Batch:
    """Counts, problems and changes of one import while its rows are taken."""

    owner: Import
    staff: Mapping[str, int]
    imported: int = 0
    created: int = 0
    rejected: int = 0
    on_hold: int = 0
    duplicates: int = 0
    conflicts: int = 0
    problems: list[CellProblem] = field(default_factory=list)
    seen: dict[str, tuple[str, int]] = field(default_factory=dict)
    previous: dict[str, str] = field(default_factory=dict)
    engagements: set[int] = field(default_factory=set)
    log: list[ImportChange] = field(default_factory=list)
    dirty: dict[type[Model], dict[int, Model]] = field(default_factory=lambda: defaultdict(dict))
    fields: dict[type[Model], set[str]] = field(default_factory=lambda: defaultdict(set))

    def reject(self, read: Read, column: str, code: str, **params: str | int) -> None:
        """Count the row as one that cannot be taken, and say why."""
        self.rejected += 1
        self.note(read, code, column=column, **params)

    def note(self, read: Read, code: str, *, column: str = "", **params: str | int) -> None:
        self.problems.append(CellProblem(read.line, column, code, read.id[:80], params))

    def made(self, table: str, rows: Iterable[Model]) -> None:
        """Remember rows this import created."""
        self.log.extend(ImportChange(owner=self.owner, table=table, row=row.pk) for row in rows)

    def alter(self, table: str, row: Any, wanted: Mapping[str, Any]) -> bool:
        """Set what differs, remember what it was; False when nothing does."""
        before = {n: getattr(row, n) for n, v in wanted.items() if getattr(row, n) != v}
        if not before:
            return False
        after = {name: wanted[name] for name in before}
        for name, value in after.items():
            setattr(row, name, value)
        self.log.append(
            ImportChange(
                owner=self.owner, table=table, row=row.pk, before=_json(before), after=_json(after)
            )
        )
        self.dirty[type(row)][row.pk] = row
        self.fields[type(row)].update(_columns(row, after))
        return True

    def name_ids(self, kind: str, rows: Iterable[tuple[Read, Any]], target: str) -> None:
        """Write down how the source calls rows that were just created."""
        ExternalId.objects.bulk_create(
            ExternalId(
                source_id=self.owner.source_id,
                kind=kind,
                value=read.id,
                digest=read.digest,
                **{target: row},
            )
            for read, row in rows
        )

    def remember(self, read: Read, known: ExternalId) -> None:
        """The row as last seen."""
        self.alter("external_id", known, {"digest": read.digest})

    def write(self) -> None:
        """Write the changes of a chunk."""
        for model, rows in self.dirty.items():
            model._default_manager.bulk_update(rows.values(), sorted(self.fields[model]), CHUNK)
        ImportChange.objects.bulk_create(self.log, batch_size=CHUNK)
        self.dirty.clear()
        self.fields.clear()
        self.log.clear()


def staff_names() -> dict[str, int]:
    """Which colleague a name in a file is: as remembered, else by address or name when only one
    member of staff is called so."""
    found: dict[str, set[int]] = defaultdict(set)
    grants = StaffGrant.objects.filter(ended_at=None, user__is_active=True)
    for user in User.objects.filter(pk__in=grants.values("user")):
        found[folded(user.name)].add(user.pk)
        found[folded(user.email)].add(user.pk)
    alone = {name: next(iter(users)) for name, users in found.items() if len(users) == 1}
    return alone | dict(StaffName.objects.values_list("key", "user_id"))


def folded(name: str) -> str:
    """A person's name without spaces, width and case: 佐藤　花子 is 佐藤花子."""
    return key(name).replace(" ", "")


def _columns(row: Model, values: Iterable[str]) -> set[str]:
    return {row._meta.get_field(name).name for name in values}


def _json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {n: v.isoformat() if isinstance(v, date) else v for n, v in values.items()}
