"""What becomes of a play that is given: planned, taken up or refused, its steps, done."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from banso.actions.actions import change_action, close_action
from banso.actions.models import Action
from banso.base.activity import record
from banso.base.models import User
from banso.base.workspace import local_today
from banso.plays.models import Intervention, Play, StepRun
from banso.plays.ranking import rank_again
from banso.plays.steps import KINDS, asking


class Refused(Exception):
    """The verb does not apply any more; `code` says why: "closed", "no_owner", "not_active",
    "going_on"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Otherwise:
    """The first action of a play as somebody wants it instead."""

    title: str
    owner: User
    due_on: date


@transaction.atomic
def accept(
    *, intervention: Intervention, by: User, otherwise: Otherwise | None = None
) -> Intervention:
    """Take a suggestion up: its steps begin today. Asking twice is harmless.

    Raises Refused("closed") for one that was refused or has lapsed, "no_owner" where a step asks
    somebody and nobody looks after the customer.
    """
    row = locked(intervention)
    if row.started_on is not None:
        return row
    if row.ended_as:
        raise Refused("closed")
    if row.engagement.owner_id is None and asks_somebody(row):
        raise Refused("no_owner")

    start([row], local_today(), by)
    if otherwise is not None:
        change_first(row, otherwise, by)
    rank_again(row.play_id, row.situation)
    return row


@transaction.atomic
def refuse(
    *, intervention: Intervention, by: User, reason: str = Intervention.Reason.UNSAID
) -> Intervention:
    """Turn a suggestion down, or say why afterwards. Raises Refused("closed") for one that was
    taken up or has lapsed."""
    row = locked(intervention)
    if row.started_on is not None or row.ended_as not in ("", Intervention.Ended.REFUSED):
        raise Refused("closed")
    if row.reason == reason:
        return row

    row.ended_as, row.reason = Intervention.Ended.REFUSED, reason
    row.ended_at, row.ended_by = timezone.now(), by
    row.save(update_fields=["ended_as", "reason", "ended_at", "ended_by"])
    rank_again(row.play_id, row.situation)
    record_of(row, "intervention.refused", by, {"reason": reason})
    return row


@transaction.atomic
def restore(*, intervention: Intervention, by: User) -> Intervention:
    """Take a refusal back. Raises Refused("closed") for what was not refused, or where the play
    was suggested again since."""
    row = locked(intervention)
    if row.ended_as != Intervention.Ended.REFUSED:
        raise Refused("closed")
    again = Intervention.objects.filter(play=row.play_id, engagement=row.engagement_id)
    if again.filter(occasion__gt=row.occasion).exists():
        raise Refused("closed")

    row.ended_as, row.reason, row.ended_at, row.ended_by = "", "", None, None
    row.save(update_fields=["ended_as", "reason", "ended_at", "ended_by"])
    rank_again(row.play_id, row.situation)
    record_of(row, "intervention.restored", by, {})
    return row


def start(rows: Sequence[Intervention], day: date, by: User | None) -> None:
    """Their steps are laid out from `day` on, and those of that day begin; in the caller's
    transaction."""
    for row in rows:
        row.started_on, row.started_at, row.started_by = day, timezone.now(), by
    Intervention.objects.bulk_update(rows, ["started_on", "started_at", "started_by"])
    StepRun.objects.bulk_create(
        StepRun(intervention=row, step=step, due_on=day + timedelta(days=step.offset_days))
        for row in rows
        for step in row.run.version.steps.all()
    )
    for row in rows:
        record_of(row, "intervention.started", by, {})
    begin_some(due(day).filter(intervention__in=rows))


def due(day: date) -> QuerySet[StepRun]:
    """Steps that begin by `day` and can: who asks somebody waits until there is an owner."""
    can = Q(intervention__engagement__owner__isnull=False) | ~Q(step__kind__in=asking())
    open_ones = Q(intervention__ended_at=None)
    return StepRun.objects.filter(can, open_ones, begun_at=None, due_on__lte=day)


def begin_some(runs: QuerySet[StepRun]) -> int:
    """Begin these steps, each once; in the caller's transaction."""
    wanted = runs.select_related(
        "step", "intervention__engagement__owner", "intervention__play"
    ).order_by("pk")
    found = list(wanted.select_for_update(of=("self",)))
    now = timezone.now()
    for each in found:
        kind = KINDS.get(each.step.kind)
        each.action = kind.begin(each) if kind else None
        each.begun_at = now
        each.ended_at = None if each.action else now
    StepRun.objects.bulk_update(found, ["action", "begun_at", "ended_at"])
    return len(found)


def change_first(row: Intervention, otherwise: Otherwise, by: User) -> None:
    """The first action of what has just begun, with other words, owner and day."""
    first = Action.objects.filter(step_run__intervention=row).order_by("due_on", "pk").first()
    if first is None:
        return
    first.title = otherwise.title
    first.save(update_fields=["title"])
    change_action(action=first, by=by, due_on=otherwise.due_on, owner=otherwise.owner)


def asks_somebody(row: Intervention) -> bool:
    return row.run.version.steps.filter(kind__in=asking()).exists()


@transaction.atomic
def settle(ids: Collection[int] | None) -> int:
    """Close what is done of these engagements (None: of all): what was asked for and is made,
    steps whose action is closed, interventions whose steps have all ended. Returns how many
    interventions ended."""
    mine = Q() if ids is None else Q(engagement__in=list(ids))
    running = Intervention.objects.filter(mine, ended_at=None, started_on__isnull=False)
    if not running.exists():
        return 0
    here = Q() if ids is None else Q(intervention__engagement__in=list(ids))
    close_made(here)
    now = timezone.now()
    end_steps(here, now)
    left = StepRun.objects.filter(intervention=OuterRef("pk"), ended_at=None)
    done = list(running.filter(~Exists(left)).select_for_update(of=("self",)))
    for row in done:
        row.ended_as, row.ended_at = Intervention.Ended.DONE, now
        record_of(row, "intervention.done", None, {})
    Intervention.objects.bulk_update(done, ["ended_as", "ended_at"])
    return len(done)


def settle_these(ids: Collection[int] | None) -> None:
    """Somebody did something with a few; everybody's are the night's."""
    if ids is not None:
        settle(ids)


def close_made(here: Q) -> None:
    """An action that asked for what has been done since is closed by itself."""
    asked = StepRun.objects.filter(here, ended_at=None, action__closed_as="")
    found = [
        each
        for code, kind in KINDS.items()
        if kind.made is not None
        for each in asked.filter(kind.made(), step__kind=code).select_related("action__owner")
    ]
    for each in found:
        assert each.action is not None
        close_action(action=each.action, by=each.action.owner)


def end_steps(here: Q, now: datetime) -> None:
    """A step ends with its action; what follows from one that was done is kept."""
    begun = StepRun.objects.filter(here, ended_at=None, begun_at__isnull=False)
    over = begun.exclude(action__closed_as="").select_related(
        "step", "action__closed_by", "intervention__engagement"
    )
    rows = list(over.select_for_update(of=("self",)))
    for each in rows:
        each.ended_at = now
        kind = KINDS.get(each.step.kind)
        if kind and kind.end and each.action and each.action.closed_as == Action.Closed.DONE:
            kind.end(each)
    StepRun.objects.bulk_update(rows, ["ended_at"])


def lapse_planned(play: Play, rows: Iterable[int] | None = None) -> int:
    """Suggestions of the play (`rows`: those of these numbers) that nobody answered lapse."""
    waiting = Intervention.objects.filter(play=play, ended_at=None, started_on=None)
    if rows is not None:
        waiting = waiting.filter(pk__in=list(rows))
    return waiting.update(ended_as=Intervention.Ended.LAPSED, ended_at=timezone.now())


def locked(intervention: Intervention) -> Intervention:
    rows = Intervention.objects.select_for_update(of=("self",))
    return rows.select_related("engagement__owner", "run__version").get(pk=intervention.pk)


def record_of(row: Intervention, verb: str, by: User | None, detail: Mapping[str, object]) -> None:
    told = {"play": row.play_id, "occasion": row.occasion, **detail}
    ids = {"engagement_id": row.engagement_id, "subject_id": row.pk}
    record(verb, actor=by, detail=told, **ids)
