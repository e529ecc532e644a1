"""What people decide about programs and stages, and what the round moves by itself."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from banso.actions.models import Contact
from banso.base.activity import record
from banso.base.models import User
from banso.base.pacing import paced
from banso.base.workspace import local_today
from banso.engagements.models import Engagement
from banso.goals.evidence import evidence_of
from banso.goals.models import Program, Stage, StageMove, Standing
from banso.goals.stages import stage_of

MOST_STAGES = 12


@dataclass(frozen=True)
class StageSheet:
    """A stage as it is written; `uid` names one that exists."""

    name: Mapping[str, str]
    grace_days: int = 0
    automatic: bool = False
    uid: str = ""


class NotMoved(ValueError):
    """A move or a program that cannot be taken: "future_day", "before_last_move", "no_stage",
    "too_many_stages", "stage_in_use"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def write_program(
    *,
    name: Mapping[str, str],
    stages: Sequence[StageSheet],
    by: User | None,
    kind: str = Engagement.Kind.CUSTOMER,
    starts_on: date | None = None,
) -> Program:
    """The program of a kind of relationship with its stages in this order; a stage left out is
    retired. Raises NotMoved("stage_in_use") while somebody is in it, "no_stage" and
    "too_many_stages" for none and for over twelve."""
    if not stages or len(stages) > MOST_STAGES:
        raise NotMoved("too_many_stages" if stages else "no_stage")
    program, made = Program.objects.select_for_update(of=("self",)).get_or_create(
        kind=kind, defaults={"starts_on": starts_on or local_today(), "created_by": by}
    )
    known = {each.uid: each for each in program.stages.filter(retired_at=None)}

    left_out = known.keys() - {each.uid for each in stages}
    gone = [known[uid].pk for uid in left_out]
    if Standing.objects.filter(current=True, stage__in=gone).exists():
        raise NotMoved("stage_in_use")

    program.name = dict(name)
    program.starts_on = starts_on or program.starts_on
    program.save(update_fields=["name", "starts_on"])
    Stage.objects.filter(pk__in=gone).update(retired_at=timezone.now())
    for position, sheet in enumerate(stages):
        row = known.get(sheet.uid) or Stage(program=program)
        row.name, row.position = dict(sheet.name), position
        row.grace_days, row.automatic = sheet.grace_days, sheet.automatic
        row.save()
    verb = "program.made" if made else "program.revised"
    record(verb, actor=by, subject_id=program.pk, detail={"stages": len(stages)})
    return program


@transaction.atomic
def move(
    *,
    engagements: Collection[Engagement],
    stage: Stage | None,
    by: User | None,
    on: date | None = None,
    note: str = "",
    contact: Contact | None = None,
    automatic: bool = False,
) -> int:
    """The engagements enter a stage on a day (None: they leave the program), with the criteria of
    the stage before and their values that day as evidence; returns how many were elsewhere.

    Raises NotMoved("future_day"), or "before_last_move" where one of them moved later than that.
    """
    today = local_today()
    on = on or today
    if on > today:
        raise NotMoved("future_day")
    ids = sorted(each.pk for each in engagements)
    list(Engagement.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    if StageMove.objects.filter(engagement__in=ids, on__gt=on).exists():
        raise NotMoved("before_last_move")
    before = {each: now.stage for each, now in stage_of(ids, on).items()}

    wanted = stage.pk if stage else None
    moving = [each for each in ids if (before[each].pk if each in before else None) != wanted]
    shown = evidence_of(moving, on)

    StageMove.objects.bulk_create(
        StageMove(
            engagement_id=each,
            stage=stage,
            before=before.get(each),
            on=on,
            by=by,
            note=note.strip(),
            contact=contact,
            evidence=shown.get(each, {}),
            automatic=automatic,
        )
        for each in moving
    )
    if moving:
        record_move(moving, stage, by, on)
    return len(moving)


def record_move(moving: Sequence[int], stage: Stage | None, by: User | None, on: date) -> None:
    """One of them alone is told as theirs; many are one verb."""
    alone = moving[0] if len(moving) == 1 else None
    detail = {"on": on.isoformat(), "engagements": len(moving)}
    record(
        "stage.moved",
        actor=by,
        engagement_id=alone,
        subject_id=stage.pk if stage else None,
        detail=detail,
    )


def advance(day: date) -> list[int]:
    """What the round moves: those who met the criteria of a stage that moves by itself, into the
    next; returns whom. In short transactions."""
    moved = []
    for program in Program.objects.all():
        moved += pass_on(list(program.stages.filter(retired_at=None)), day)
    return moved


def pass_on(stages: Sequence[Stage], day: date) -> list[int]:
    """Who met all criteria of an automatic stage moves into the one behind it."""
    moved = []
    for stage, following in pairwise(stages):
        if not stage.automatic:
            continue
        ready = Standing.objects.filter(current=True, stage=stage).filter(READY)
        for chunk in paced(list(ready.values_list("pk", flat=True))):
            engagements = Engagement.objects.filter(pk__in=chunk)
            move(engagements=engagements, stage=following, by=None, on=day, automatic=True)
            moved += chunk
    return moved


READY = Q(criteria__gt=0, criteria_met=F("criteria"))
"""Standings that meet every criterion of their stage."""
