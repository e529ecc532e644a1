"""Taking an import back: what it made goes, what it changed is as before, and what people have
built upon since stays and is named."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from django.db import models, transaction
from django.db.models import Model
from django.utils import timezone

from banso.base import search
from banso.base.activity import record
from banso.base.models import User
from banso.base.workspace import workspace
from banso.engine.lake import touched_months
from banso.events import parts
from banso.events.after import announce
from banso.events.batch import CHUNK, TABLES
from banso.events.models import ExternalId, HeldRow, Import, ImportChange, Kind, LakePart
from banso.events.search import index_customers

COMPUTED: set[str] = set()
"""Labels of models that a round makes anew; rows of them keep nothing alive. Higher rooms add
theirs from AppConfig.ready."""

# In this order rows are looked at, so that a kept contract keeps its engagement and party.
_ORDER = ("contact", "contract", "membership", "engagement", "party")
_PARTS_OF = {"events.externalid", "parties.organization", "parties.person"}
_TRIES = 5

type Rows = dict[str, set[int]]


class CannotUndo(Exception):
    """The import is not one that has come in."""


@dataclass
class Plan:
    """Which rows that the import made can go, and which must stay."""

    gone: Rows = field(default_factory=lambda: defaultdict(set))
    kept: Rows = field(default_factory=lambda: defaultdict(set))


def undo(*, by: User | None, owner: Import) -> None:
    """Take the import back. Raises CannotUndo when it has not come in, or not any more."""
    work = _undo_events if owner.kind == Kind.EVENTS else _undo_rows
    for _ in range(_TRIES):
        try:
            work(owner, by)
        except parts.Stale:
            continue
        return
    raise parts.Stale


def _undo_events(owner: Import, by: User | None) -> None:
    path = parts.staged_path(owner)
    others = [parts.staged_path(each) for each in parts.live() if each.pk != owner.pk]
    months = touched_months(path, others, zone=workspace().timezone) if owner.staged else []
    built = parts.build(months, others, parts.known_accounts())
    with transaction.atomic():
        parts.swap(built)
        _close(owner, by, kept=0)
    path.unlink(missing_ok=True)


def _undo_rows(owner: Import, by: User | None) -> None:
    plan = plan_of(owner)
    removed = _account_ids(plan.gone["engagement"])
    built = _without(removed)
    with transaction.atomic():
        parts.swap(built)
        if plan_of(owner) != plan:
            parts.discard(built)
            raise parts.Stale
        touched = _restore(owner, plan)
        _delete(plan.gone)
        HeldRow.objects.filter(owner=owner).delete()
        for table, rows in plan.kept.items():
            owner.changes.filter(table=table, row__in=rows, before__isnull=True).update(kept=True)
        index_customers(touched - plan.gone["engagement"])
        _close(owner, by, kept=sum(map(len, plan.kept.values())))


def plan_of(owner: Import) -> Plan:
    """What undoing would remove: rows of which nothing depends that the import did not make."""
    plan = Plan()
    made: Rows = defaultdict(set)
    for table, row in owner.changes.filter(before__isnull=True).values_list("table", "row"):
        made[table].add(row)
    for table in _ORDER:
        model = TABLES[table]
        there = _existing(model, made[table])
        stay = _needed(model, there, plan.gone)
        plan.kept[table] = stay
        plan.gone[table] = there - stay
    return plan


def _needed(model: type[Model], rows: Collection[int], gone: Mapping[str, set[int]]) -> set[int]:
    """Those of `rows` that a row refers to which is not going as well."""
    going = {TABLES[table]: ids for table, ids in gone.items()} | {model: set(rows)}
    found: set[int] = set()
    for relation in model._meta.related_objects:
        referring = relation.related_model
        if referring._meta.label_lower in COMPUTED | _PARTS_OF:
            continue
        name = relation.field.name
        for some in batched(sorted(rows), CHUNK):
            pairs = referring._default_manager.filter(**{f"{name}__in": some}).values_list(
                name, "pk"
            )
            leaving = going.get(referring, set())
            found.update(target for target, pk in pairs if pk not in leaving and target in rows)
    return found


def _existing(model: type[Model], rows: Collection[int]) -> set[int]:
    found: set[int] = set()
    for some in batched(sorted(rows), CHUNK):
        found.update(model._default_manager.filter(pk__in=some).values_list("pk", flat=True))
    return found


def _account_ids(engagements: Collection[int]) -> Mapping[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    rows = ExternalId.objects.filter(kind=ExternalId.Kind.ACCOUNT)
    for engagement, source, value in rows.values_list("engagement", "source", "value"):
        if engagement in engagements:
            found[source].add(value)
    return found


def _without(removed: Mapping[int, set[str]]) -> parts.Built:
    """The lake's months without the events of these accounts, which go on hold again."""
    known = parts.known_accounts()
    for source, values in removed.items():
        known[source] -= values
    months = LakePart.objects.values_list("first_day", flat=True) if removed else []
    return parts.build(list(months), [parts.staged_path(e) for e in parts.live()], known)


def _restore(owner: Import, plan: Plan) -> set[int]:
    """Put changed values back, the last change first, where nobody has changed them since; the
    engagements concerned."""
    for change in owner.changes.exclude(before__isnull=True).order_by("-id"):
        if change.row not in plan.gone[change.table]:
            _restore_one(change)
    touched = set(owner.changes.filter(table="engagement").values_list("row", flat=True))
    people = owner.changes.filter(table__in=["party", "person", "membership"])
    homes = ExternalId.objects.filter(
        models.Q(engagement__party__in=people.values("row"))
        | models.Q(engagement__party__members__person__in=people.values("row"))
        | models.Q(engagement__party__members__in=people.values("row"))
    )
    return touched | set(homes.values_list("engagement", flat=True))


def _restore_one(change: ImportChange) -> None:
    model = TABLES[change.table]
    row = model._default_manager.filter(pk=change.row).first()
    if row is None or change.before is None:
        return
    names = {name: model._meta.get_field(name) for name in change.before}
    same = [n for n, f in names.items() if _plain(row, n) == change.after.get(n)]
    for name in same:
        target: Any = getattr(names[name], "target_field", names[name])
        setattr(row, name, target.to_python(change.before[name]))
    row.save(update_fields=[names[name].name for name in same])
    if len(same) < len(names):
        ImportChange.objects.filter(pk=change.pk).update(kept=True)


def _plain(row: Model, name: str) -> Any:
    value = getattr(row, name)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _delete(gone: Mapping[str, set[int]]) -> None:
    search.forget("engagement", sorted(gone["engagement"]))
    for table in _ORDER:
        for some in _chunks(gone[table]):
            TABLES[table]._default_manager.filter(pk__in=some).delete()


def _chunks(rows: Iterable[int]) -> Iterable[tuple[int, ...]]:
    return batched(sorted(rows), CHUNK)


def _close(owner: Import, by: User | None, *, kept: int) -> None:
    locked = Import.objects.select_for_update(of=("self",)).get(pk=owner.pk)
    if locked.status != Import.Status.DONE:
        raise CannotUndo
    locked.status, locked.undone_at, locked.undone_by = "undone", timezone.now(), by
    locked.staged, locked.held_months = False, {}
    locked.save()
    record("import.undone", actor=by, subject_id=owner.pk, detail={"kept": kept})
    announce()
