"""Taking an import back: what it made goes, what it changed is as before, and what people have
built upon since stays and is named."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from django.db import models, transaction
from django.db.models import F, Model
from django.tasks import task
from django.utils import timezone

from banso.base import search
from banso.base.activity import record
from banso.base.models import Job, User
from banso.base.pacing import paced
from banso.base.workspace import workspace
from banso.engagements.models import Engagement
from banso.engine.lake import touched_months
from banso.events import parts
from banso.events.after import announce
from banso.events.batch import CHUNK, TABLES
from banso.events.models import HeldRow, Import, ImportChange, Kind
from banso.events.search import index_customers

COMPUTED: set[str] = set()
"""Labels of models that a round makes anew; rows of them keep nothing alive. Higher rooms add
theirs from AppConfig.ready."""

# In this order rows are looked at, so that a kept contract keeps its engagement and party.
_ORDER = ("measurement", "contact", "contract", "membership", "engagement", "party")
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
    """Take the import back now. Raises CannotUndo when nothing of it is in."""
    begin(owner, by)
    take_back(owner)


@transaction.atomic
def ask_undo(*, by: User, owner: Import) -> None:
    """Let a worker take the import back. Raises CannotUndo when nothing of it is in."""
    begin(owner, by)
    job = run_undo.enqueue(import_id=owner.pk).id
    Import.objects.filter(pk=owner.pk).update(job=job)


@task
def run_undo(import_id: int) -> str:
    """The worker's part; a killed one goes on where it stopped."""
    owner = Import.objects.select_related("undone_by").get(pk=import_id)
    take_back(owner)
    return owner.status


@transaction.atomic
def begin(owner: Import, by: User | None) -> None:
    """From here on the import counts as going back: whoever applies it stops."""
    locked = Import.objects.select_for_update(of=("self",)).get(pk=owner.pk)
    part = locked.status in (Import.Status.APPLYING, Import.Status.FAILED) and locked.applied
    if locked.status != Import.Status.DONE and not part and not is_stuck(locked):
        raise CannotUndo

    locked.status, locked.undone_by, locked.done, locked.total = "undoing", by, 0, 0
    locked.save(update_fields=["status", "undone_by", "done", "total"])


def is_stuck(owner: Import) -> bool:
    """Whether the workers that took the import back were given up."""
    given_up = Job.objects.filter(uid=owner.job, status=Job.Status.FAILED)
    return owner.status == Import.Status.UNDOING and given_up.exists()


def take_back(owner: Import) -> None:
    """Carry the undoing out, in short transactions; doing it again goes on."""
    owner.refresh_from_db()
    if owner.status != Import.Status.UNDOING:
        return None
    if owner.kind != Kind.EVENTS:
        _undo_rows(owner)
    work = _close_events if owner.kind == Kind.EVENTS else _close_rows
    for _ in range(_TRIES):
        try:
            return work(owner)
        except parts.Stale:
            continue
    raise parts.Stale


def _close_events(owner: Import) -> None:
    path = parts.staged_path(owner)
    others = [parts.staged_path(each) for each in parts.live() if each.pk != owner.pk]
    there = owner.staged and path.is_file()
    months = touched_months(path, others, zone=workspace().timezone) if there else []
    built = parts.build(months, others, parts.known_accounts())
    with transaction.atomic():
        parts.swap(built)
        _close(owner)
    path.unlink(missing_ok=True)


def _undo_rows(owner: Import) -> None:
    plan = plan_of(owner)
    changed = list(
        owner.changes.exclude(before__isnull=True).order_by("-id").values_list("pk", flat=True)
    )
    seen = _counting(owner, len(changed) + sum(map(len, plan.gone.values())))
    for some in paced(changed):
        _restore(owner, some, plan)
        seen(len(some))
    for table in _ORDER:
        for some in paced(sorted(plan.gone[table])):
            _delete(table, some, plan)
            seen(len(some))
    for some in paced(list(HeldRow.objects.filter(owner=owner).values_list("pk", flat=True))):
        HeldRow.objects.filter(pk__in=some).delete()
    for table, rows in plan.kept.items():
        for some in paced(sorted(rows)):
            owner.changes.filter(table=table, row__in=some, before__isnull=True).update(kept=True)


def _counting(owner: Import, total: int) -> Callable[[int], object]:
    """Writes down how far the undoing is."""
    mine = Import.objects.filter(pk=owner.pk)
    mine.update(total=total, done=0)
    return lambda more: mine.update(done=F("done") + more)


def _close_rows(owner: Import) -> None:
    """The lake again without the events of accounts that are gone; they go on hold."""
    made = owner.changes.filter(table="engagement", before__isnull=True).exists()
    months = parts.months() if made else []
    known = parts.known_accounts() if months else {}
    built = parts.build(months, [parts.staged_path(e) for e in parts.live()], known)
    with transaction.atomic():
        parts.swap(built)
        _close(owner)


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
    going = {TABLES[table]: ids for table, ids in gone.items()}
    going[model] = going.get(model, set()) | set(rows)
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


@transaction.atomic
def _restore(owner: Import, changes: Collection[int], plan: Plan) -> None:
    """Put changed values back, the last change first, where nobody has changed them since. A
    change that is back is forgotten, so that it is not put back twice."""
    found = owner.changes.filter(pk__in=changes)
    rows: Rows = defaultdict(set)
    for change in found.order_by("-id"):
        rows[change.table].add(change.row)
        if change.row not in plan.gone[change.table]:
            _restore_one(change)
    found.filter(kept=False).delete()
    index_customers(_engagements_of(rows) - plan.gone["engagement"])


def _engagements_of(rows: Mapping[str, Collection[int]]) -> set[int]:
    """The engagements that these rows belong to, by table."""
    parties = {pk for table in ("party", "organization", "person") for pk in rows.get(table, ())}
    homes = Engagement.objects.filter(
        models.Q(party__in=parties)
        | models.Q(party__members__person__in=parties)
        | models.Q(party__members__in=rows.get("membership", ()))
    )
    return {*rows.get("engagement", ()), *homes.values_list("pk", flat=True)}


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


@transaction.atomic
def _delete(table: str, rows: list[int], plan: Plan) -> None:
    """Remove rows, but those that somebody has built upon since the plan was made."""
    model = TABLES[table]
    stay = _needed(model, rows, plan.gone)
    plan.gone[table] -= stay
    plan.kept[table] |= stay
    leaving = [row for row in rows if row not in stay]
    homes = _engagements_of({table: leaving}) if table in ("membership", "party") else set()
    if table == "engagement":
        search.forget("engagement", leaving)
    model._default_manager.filter(pk__in=leaving).delete()
    index_customers(homes - plan.gone["engagement"])


def _close(owner: Import) -> None:
    locked = Import.objects.select_for_update(of=("self",)).get(pk=owner.pk)
    if locked.status != Import.Status.UNDOING:
        raise CannotUndo
    locked.status, locked.undone_at = "undone", timezone.now()
    locked.ended_at = locked.ended_at or timezone.now()
    locked.staged, locked.held_months = False, {}
    locked.save()
    kept = owner.changes.filter(kept=True).count()
    record("import.undone", actor=locked.undone_by, subject_id=owner.pk, detail={"kept": kept})
    announce()
