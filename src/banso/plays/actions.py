"""What people decide about plays: draft, change, put to use, decide, retire."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from banso.base.activity import record
from banso.base.models import Team, User
from banso.base.workspace import local_today
from banso.core.conditions import Condition, dump
from banso.metrics.models import Metric
from banso.plays.interventions import lapse_planned
from banso.plays.models import BarrierKind, Play, PlayRun, PlayStep, PlayVersion

FIRST_STEP_DAYS = 14


class Refused(Exception):
    """The verb does not apply (any more); `code` says why: "active", "not_active", "no_steps",
    "decided", "first_step_day"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class StepSheet:
    """A step as it is written."""

    kind: str
    words: Mapping[str, str]
    offset_days: int = 0
    within_days: int = 7
    thing: str = ""


@dataclass(frozen=True)
class PlaySheet:
    """A play as it is written: what it is called and who keeps it, and what a version says."""

    name: Mapping[str, str]
    condition: Condition
    steps: Sequence[StepSheet]
    touches: Sequence[str] = ("high", "low", "tech")
    automatic: bool = False
    metric: Metric | None = None
    window_days: int = 60
    capacity: int = 20
    most: int = 1
    apart_days: int = 90
    purpose: str = ""
    kinds: Sequence[BarrierKind] = ()
    owner: User | None = None
    team: Team | None = None
    review_on: date | None = None


@dataclass(frozen=True)
class FirstStep:
    """The first small step of a run, and by when."""

    words: str
    by: date


@transaction.atomic
def draft_play(*, sheet: PlaySheet, by: User | None) -> Play:
    """A new play, which nobody is given yet."""
    last = Play.objects.aggregate(last=Max("position"))["last"]

    play = Play.objects.create(
        name=dict(sheet.name),
        position=0 if last is None else last + 1,
        created_by=by,
        **kept_by(sheet),
    )
    play.kinds.set(sheet.kinds)
    write_version(play, sheet, 1, by)
    record("play.drafted", actor=by, subject_id=play.pk)
    return play


@transaction.atomic
def revise_play(
    *, play: Play, sheet: PlaySheet, by: User | None, first_step: FirstStep | None = None
) -> PlayVersion:
    """Write a play anew. What it says of whom and how becomes a new version once the play was
    active; the running interventions keep theirs. A run in use ends with the version and, where
    nothing was decided, as adjusted; the next begins with its own first step.

    Raises Refused("first_step_day") where an active play's new version comes without one.
    """
    play = locked(play)
    current = current_version(play)
    changed = says_anew(play, sheet)
    if changed and play.state == "active":
        check_first_step(first_step)

    for name, value in (("name", dict(sheet.name)), *kept_by(sheet).items()):
        setattr(play, name, value)
    play.save()
    play.kinds.set(sheet.kinds)
    if changed:
        number = current.number
        if play.state == "drafted":
            current.delete()
        else:
            number += 1
        current = write_version(play, sheet, number, by)
        if play.state == "active" and first_step is not None:
            end_run(play, PlayRun.Decision.ADJUST, by)
            begin_run(play, current, first_step, by)
    record("play.revised", actor=by, subject_id=play.pk, detail={"version": current.number})
    return current


@transaction.atomic
def activate_play(*, play: Play, by: User | None, first_step: FirstStep) -> PlayRun:
    """Put a play to use: from the next night on it is given. Raises Refused("active"),
    "no_steps", or "first_step_day" for a first step that is not within fourteen days."""
    play = locked(play)
    version = current_version(play)
    if play.state == "active":
        raise Refused("active")
    if not version.steps.exists():
        raise Refused("no_steps")
    check_first_step(first_step)

    play.activated_at, play.retired_at = timezone.now(), None
    play.save(update_fields=["activated_at", "retired_at"])
    run = begin_run(play, version, first_step, by)
    record("play.activated", actor=by, subject_id=play.pk, detail={"version": version.number})
    return run


@transaction.atomic
def retire_play(*, play: Play, by: User | None) -> bool:
    """Give it to nobody any more; what runs goes on to its end. False where it is not active."""
    play = locked(play)
    if play.state != "active":
        return False

    end_run(play, PlayRun.Decision.STOP, by)
    play.retired_at = timezone.now()
    play.save(update_fields=["retired_at"])
    lapsed = lapse_planned(play)
    record("play.retired", actor=by, subject_id=play.pk, detail={"lapsed": lapsed})
    return True


@transaction.atomic
def decide_run(*, run: PlayRun, decision: str, by: User, words: str = "") -> PlayRun:
    """Keep or stop what a run does, once; adjusting is decided by writing the play anew. Raises
    Refused("decided") the second time."""
    play = locked(run.play)
    run = PlayRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.decision:
        raise Refused("decided")

    write_decision(run, decision, by, words)
    if decision == PlayRun.Decision.STOP:
        retire_play(play=play, by=by)
    return run


@transaction.atomic
def take_first_step(*, run: PlayRun, by: User) -> PlayRun:
    """The first small step is done; asking twice is harmless."""
    run = PlayRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.first_step_done_on is not None:
        return run

    run.first_step_done_on = local_today()
    run.save(update_fields=["first_step_done_on"])
    record("play.first_step_taken", actor=by, subject_id=run.play_id)
    return run


def current_version(play: Play) -> PlayVersion:
    return PlayVersion.objects.filter(play=play).order_by("-number")[:1].get()


def current_run(play: Play) -> PlayRun | None:
    return PlayRun.objects.filter(play=play, ended_on=None).first()


def kept_by(sheet: PlaySheet) -> dict[str, object]:
    """What is the play's own, whatever its version."""
    return {
        "purpose": sheet.purpose,
        "owner": sheet.owner,
        "team": sheet.team,
        "review_on": sheet.review_on,
    }


def says_anew(play: Play, sheet: PlaySheet) -> bool:
    """Whether the sheet says otherwise whom the play is for, or what it does."""
    return told(sheet) != told_by(current_version(play))


def told(sheet: PlaySheet) -> dict[str, object]:
    """What a version says, in the form in which it is stored."""
    return {
        "condition": dump(sheet.condition),
        "touches": sorted(sheet.touches),
        "automatic": sheet.automatic,
        "metric_id": sheet.metric.pk if sheet.metric else None,
        "window_days": sheet.window_days,
        "capacity": sheet.capacity,
        "most": sheet.most,
        "apart_days": sheet.apart_days,
        "steps": [vars(each) | {"words": dict(each.words)} for each in sheet.steps],
    }


CELLS = (
    *("condition", "touches", "automatic", "metric_id", "window_days"),
    *("capacity", "most", "apart_days"),
)
STEP_CELLS = ("kind", "words", "offset_days", "within_days", "thing")


def told_by(version: PlayVersion) -> dict[str, object]:
    rows = PlayStep.objects.filter(version=version).order_by("position")
    steps = [{name: getattr(row, name) for name in STEP_CELLS} for row in rows]
    return {name: getattr(version, name) for name in CELLS} | {"steps": steps}


def write_version(play: Play, sheet: PlaySheet, number: int, by: User | None) -> PlayVersion:
    cells = {name: value for name, value in told(sheet).items() if name != "steps"}
    version = PlayVersion.objects.create(play=play, number=number, created_by=by, **cells)
    PlayStep.objects.bulk_create(
        PlayStep(version=version, position=place, **(vars(each) | {"words": dict(each.words)}))
        for place, each in enumerate(sheet.steps)
    )
    return version


def check_first_step(first: FirstStep | None) -> None:
    today = local_today()
    if first is None or not today <= first.by <= today + timedelta(days=FIRST_STEP_DAYS):
        raise Refused("first_step_day")


def begin_run(play: Play, version: PlayVersion, first: FirstStep, by: User | None) -> PlayRun:
    last = PlayRun.objects.filter(play=play).aggregate(last=Max("number"))["last"] or 0
    return PlayRun.objects.create(
        play=play,
        version=version,
        number=last + 1,
        began_on=local_today(),
        began_by=by,
        first_step=first.words,
        first_step_by=first.by,
    )


def end_run(play: Play, decision: str, by: User | None) -> None:
    """The open run ends, decided so where nobody decided before."""
    run = PlayRun.objects.select_for_update(of=("self",)).filter(play=play, ended_on=None).first()
    if run is None:
        return
    if not run.decision:
        write_decision(run, decision, by)
    run.ended_on = local_today()
    run.save(update_fields=["ended_on"])


def write_decision(run: PlayRun, decision: str, by: User | None, words: str = "") -> None:
    run.decision, run.decided_at, run.decided_by = decision, timezone.now(), by
    run.decision_words = words.strip()
    run.save(update_fields=["decision", "decided_at", "decided_by", "decision_words"])
    detail = {"run": run.number, "decision": decision}
    record("play.decided", actor=by, subject_id=run.play_id, detail=detail)


def locked(play: Play) -> Play:
    return Play.objects.select_for_update(of=("self",)).get(pk=play.pk)
