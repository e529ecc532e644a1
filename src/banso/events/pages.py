"""What the import pages show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, Sum
from django.utils.functional import Promise

from banso.base.models import Role, StaffGrant, User
from banso.base.roles import WRITERS
from banso.engagements.access import hidden_from
from banso.events import wording
from banso.events.access import Hidden, hidden_in, imports, may_handle
from banso.events.actions import is_kept
from banso.events.after import Note, notes
from banso.events.batch import folded, staff_names
from banso.events.fields import FIELDS
from banso.events.labels import COUNT_LABELS, KIND_LABELS, field_label
from banso.events.models import HeldEvents, HeldRow, Import, ImportChange, ImportProblem, Kind
from banso.events.sources import Stranger, source_names, strangers
from banso.events.undo import is_stuck
from banso.events.wording import Said, said_of_file, said_of_row
from banso.parties.models import Party
from banso.web.tables import TableState

type Text = str | Promise

SHOWN = 50
PROBLEMS_SHOWN = 100
RUNNING = ("staging", "applying", "undoing")


@dataclass(frozen=True)
class Choice:
    """One option of a select."""

    value: str
    label: Text
    chosen: bool = False


@dataclass(frozen=True)
class Held:
    """What waits for accounts nobody has imported: rows by kind, and some of the accounts."""

    kinds: Sequence[tuple[Text, int]]
    accounts: Sequence[str]
    more: int


@dataclass(frozen=True)
class ImportsPage:
    """All imports, and the door for the next one."""

    rows: Page[Import]
    state: TableState
    labels: dict[str, Text]
    kinds: Sequence[Choice]
    sources: Sequence[str]
    held: Held | None
    may_import: bool


@dataclass(frozen=True)
class Column:
    """A column of the file: its header, some of its cells, and what it may be."""

    number: int
    header: str
    cells: Sequence[str]
    choices: Sequence[Choice]


@dataclass(frozen=True)
class Colleague:
    """A name in the file that no colleague has; who it may be."""

    name: str
    choices: Sequence[Choice]


@dataclass(frozen=True)
class NotedProblem:
    """A row's problem, where it is, and the words for it."""

    line: int
    column: str
    found: str
    said: Said


@dataclass(frozen=True)
class Mapping:
    """How the file will be read, to be confirmed."""

    kinds: Sequence[Choice]
    sources: Sequence[str]
    strangers: Sequence[Stranger]
    sheets: Sequence[Choice]
    header_row: int
    columns: Sequence[Column]
    lines: Sequence[int]
    rows: Sequence[tuple[int, Sequence[str]]]
    colleagues: Sequence[Colleague]
    lacking: Sequence[str]
    problems: Sequence[NotedProblem]
    rows_estimate: int
    looked_at: int


@dataclass(frozen=True)
class ImportPage:
    """One import in whatever state it is."""

    owner: Import
    kind: Text
    source: str
    mapping: Mapping | None
    running: bool
    counts: Sequence[tuple[Text, int]]
    waiting: int
    said: Said | None
    problems: Sequence[NotedProblem]
    problems_total: int
    kept: Sequence[str]
    other_sheets: Sequence[str]
    may_write: bool
    may_undo: bool
    may_retry: bool
    can_skip: bool
    can_choose: bool
    notes: Sequence[Note]


def imports_page(user: User, role: Role, state: TableState) -> ImportsPage:
    return ImportsPage(
        rows=Paginator(imports(user), SHOWN).get_page(state.page),
        state=state,
        labels=dict(KIND_LABELS),
        kinds=[Choice(kind, KIND_LABELS[kind]) for kind in Kind.values],
        sources=source_names(),
        held=held(),
        may_import=role in WRITERS,
    )


def held() -> Held | None:
    """What is on hold; None when nothing is."""
    rows = HeldRow.objects.values("kind").annotate(rows=Count("id")).order_by()
    kinds = {row["kind"]: row["rows"] for row in rows}
    events = HeldEvents.objects.aggregate(rows=Sum("rows"))["rows"]
    if events:
        kinds[Kind.EVENTS] = events
    if not kinds:
        return None
    accounts = set(HeldRow.objects.values_list("account", flat=True).distinct())
    accounts |= set(HeldEvents.objects.values_list("account", flat=True).distinct())
    first = sorted(accounts)[:10]
    ordered = [(KIND_LABELS[kind], kinds[kind]) for kind in Kind.values if kind in kinds]
    return Held(ordered, first, len(accounts) - len(first))


def import_page(user: User, role: Role, owner: Import) -> ImportPage:
    ready = owner.status == Import.Status.READY
    refused = owner.status in ("refused", "cancelled", "failed")
    done = owner.status in (Import.Status.DONE, Import.Status.UNDONE)
    writer = role in WRITERS and may_handle(user, role, owner)
    kept_file = writer and is_kept(owner)
    hidden = hidden_in(user, owner)
    part = owner.status == Import.Status.FAILED and owner.applied > 0
    return ImportPage(
        owner=owner,
        kind=KIND_LABELS.get(owner.kind, ""),
        source=wording.source_name(owner.source.key, owner.source.name),
        mapping=mapping_of(owner, hidden) if ready else None,
        running=owner.status in RUNNING and not is_stuck(owner),
        counts=[(COUNT_LABELS[n], getattr(owner, n)) for n in COUNT_LABELS if n != "lines"],
        waiting=waiting(owner) if done else 0,
        said=said_of_file(owner),
        problems=[noted(each, hidden) for each in owner.problems.all()[:PROBLEMS_SHOWN]],
        problems_total=owner.problems.count(),
        kept=kept_names(user, owner) if owner.status == Import.Status.UNDONE else [],
        other_sheets=owner.inspection.get("others", []) if kept_file and done else [],
        may_write=writer,
        may_undo=writer and (owner.status == Import.Status.DONE or part or is_stuck(owner)),
        may_retry=kept_file and owner.status == Import.Status.FAILED,
        can_skip=kept_file and owner.problem == "bad_rows" and owner.rejected > 0,
        can_choose=kept_file and refused and not part and bool(owner.inspection.get("headers")),
        notes=notes(user, role, owner) if owner.status == Import.Status.DONE else [],
    )


def kept_names(user: User, owner: Import) -> list[str]:
    """What stayed when the import was taken back, by the names of its parties and contracts."""
    changes = ImportChange.objects.filter(owner=owner, kept=True)
    rows = {t: changes.filter(table=t).values("row") for t in ("party", "engagement", "contract")}
    party = Q(pk__in=rows["party"]) | Q(engagements__in=rows["engagement"])
    party |= Q(engagements__contracts__in=rows["contract"])
    found = Party.objects.filter(party).exclude(engagements__in=hidden_from(user))
    return list(found.order_by("name").values_list("name", flat=True).distinct())


def waiting(owner: Import) -> int:
    """How many of the import's rows are on hold now."""
    if owner.kind == Kind.EVENTS:
        return int(sum(owner.held_months.values()))
    return owner.held.count()


def mapping_of(owner: Import, hidden: Hidden) -> Mapping:
    found = owner.inspection
    rows = [(row["line"], [hidden.shown(c) for c in row["cells"]]) for row in found["rows"]]
    return Mapping(
        kinds=[Choice("", "", not owner.kind)] * (not owner.kind)
        + [Choice(k, KIND_LABELS[k], k == owner.kind) for k in Kind.values],
        sources=source_names(),
        strangers=[s for s in strangers(owner) if hidden.shown(s.known_as) == s.known_as],
        sheets=sheets_of(owner),
        header_row=found["header_row"],
        columns=columns_of(owner, rows),
        lines=[line for line, _ in rows],
        rows=[(line, padded(cells, len(found["headers"]))) for line, cells in rows],
        colleagues=colleagues_of(found.get("owners", [])),
        lacking=lacking_words(owner),
        problems=[noted(ImportProblem(**each), hidden) for each in found["problems"]],
        rows_estimate=found["rows_estimate"],
        looked_at=min(found["looked_at"], found["rows_estimate"]),
    )


def sheets_of(owner: Import) -> list[Choice]:
    """The sheets to choose from; none where there is only one."""
    others = owner.inspection["others"]
    if not others:
        return []
    return [Choice(n, n, n == owner.sheet) for n in [owner.sheet, *others]]


def columns_of(owner: Import, rows: Sequence[tuple[int, Sequence[str]]]) -> list[Column]:
    field_at = {column: name for name, column in owner.mapping.items()}
    return [
        Column(
            number=number,
            header=header,
            cells=[cells[number] for _, cells in rows[:3] if number < len(cells)],
            choices=choices_of(owner.kind, field_at.get(number, "")),
        )
        for number, header in enumerate(owner.inspection["headers"])
    ]


def choices_of(kind: str, chosen: str) -> list[Choice]:
    if not kind:
        return []
    left_out = wording.LEFT_BESIDE if kind == Kind.EVENTS else wording.LEFT_OUT
    fields = [Choice(f, field_label(kind, f), f == chosen) for f in FIELDS[kind]]
    return [Choice("", left_out, not chosen), *fields]


def colleagues_of(names: Sequence[str]) -> list[Colleague]:
    """Names in charge that are no colleague's yet."""
    known = staff_names()
    unknown = [name for name in names if folded(name) not in known]
    if not unknown:
        return []
    grants = StaffGrant.objects.filter(ended_at=None, user__is_active=True).select_related("user")
    users = [Choice(grant.user.uid, grant.user.name) for grant in grants.order_by("user__name")]
    return [Colleague(name, users) for name in unknown]


def lacking_words(owner: Import) -> list[str]:
    """The fields still without a column, alternatives joined."""
    groups = owner.inspection["lacking"]
    if not owner.kind:
        return []
    return [" / ".join(str(field_label(owner.kind, f)) for f in group) for group in groups]


def noted(problem: ImportProblem, hidden: Hidden) -> NotedProblem:
    found = hidden.shown(problem.found)
    return NotedProblem(problem.line, problem.column, found, said_of_row(problem))


def padded(cells: Sequence[Any], width: int) -> list[str]:
    return [*cells[:width], *[""] * (width - len(cells))]
