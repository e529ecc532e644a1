"""“Copy this”: a customer is given what a case tells, and the case counts it."""

from dataclasses import dataclass

from django.db import transaction

from banso.base.activity import record
from banso.base.models import User
from banso.cases.models import Case, CaseCopy
from banso.core.conditions import load
from banso.engagements.models import Engagement
from banso.plays.actions import PlaySheet, StepSheet, current_run, draft_play
from banso.plays.models import Play, PlayVersion
from banso.plays.rounds import give_one


@dataclass(frozen=True)
class Way:
    """How a case may be copied: its play is in use (`number`: in which version; None: it is not),
    as it was then, or otherwise by now."""

    play: Play
    then: int
    number: int | None

    @property
    def changed(self) -> bool:
        return self.number is not None and self.number != self.then


def way_of(case: Case) -> Way:
    version = case.intervention.run.version
    run = current_run(case.intervention.play)
    return Way(case.intervention.play, version.number, run.version.number if run else None)


@transaction.atomic
def copy_case(*, case: Case, engagement: Engagement, by: User) -> CaseCopy:
    """Give the case's play, as it is in use, to a customer. Raises
    banso.plays.interventions.Refused as `give_one` does."""
    row = give_one(play=case.intervention.play, engagement=engagement, by=by)

    copy = CaseCopy.objects.create(case=case, engagement=engagement, intervention=row, by=by)
    record_of(copy, "case.copied")
    return copy


@transaction.atomic
def draft_from_case(*, case: Case, engagement: Engagement, by: User) -> CaseCopy:
    """A play is drafted that says what the case's said when it was given: nobody is given it
    before somebody puts it to use."""
    play = draft_play(sheet=sheet_of(case.intervention.run.version, by), by=by)

    copy = CaseCopy.objects.create(case=case, engagement=engagement, play=play, by=by)
    record_of(copy, "case.drafted_from")
    return copy


def sheet_of(version: PlayVersion, keeper: User) -> PlaySheet:
    """What a version says, to be kept right by another."""
    play = version.play
    return PlaySheet(
        name=dict(play.name),
        condition=load(version.condition),
        steps=[
            StepSheet(each.kind, each.words, each.offset_days, each.within_days, each.thing)
            for each in version.steps.all()
        ],
        touches=version.touches,
        automatic=False,
        metric=version.metric,
        window_days=version.window_days,
        capacity=version.capacity,
        most=version.most,
        apart_days=version.apart_days,
        purpose=play.purpose,
        kinds=list(play.kinds.all()),
        owner=keeper,
    )


def record_of(copy: CaseCopy, verb: str) -> None:
    record(
        verb,
        actor=copy.by,
        engagement_id=copy.engagement_id,
        subject_id=copy.case_id,
        detail={"play": copy.play_id, "intervention": copy.intervention_id},
    )
