"""Each night: steps that begin, what is done, and who gets which play.

Giving is set by set, in short transactions. Each takes the lock that all nights share, reads
anew what was given and what owners have to do, and decides: two nights at once, or one that was
killed and begun again, give what one alone would have given.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from django.db import transaction

from banso.base.models import User, Workspace
from banso.base.pacing import paced
from banso.base.workspace import local_today
from banso.core.enrolment import Decision, Recipe, decide
from banso.engagements.models import Engagement
from banso.metrics import values
from banso.plays.facts import (
    Found,
    candidates_of,
    earlier_of,
    holding,
    loads,
    oldest_answerable,
    recipe_of,
)
from banso.plays.interventions import (
    Refused,
    begin_some,
    due,
    lapse_planned,
    record_of,
    settle,
    start,
)
from banso.plays.known import Basis, basis_of
from banso.plays.models import Intervention, Play, PlayRun, StepRun
from banso.plays.ranking import ELSEWHERE, ranks

MOST = 200
"""Interventions of one transaction at the most: each that begins writes a few rows."""


def give_plays(day: date) -> set[int]:
    """The night's part of the plays; returns the engagements for whom something began."""
    touched = begin_due(day)
    settle_all()
    read_after(day)
    for run in open_runs():
        found = holding(run.version)
        lapse(run, found, day)
        touched |= give(run, found, day)
    return touched


def open_runs() -> list[PlayRun]:
    """The runs of the active plays, in the plays' order."""
    rows = PlayRun.objects.filter(ended_on=None, play__retired_at=None)
    rows = rows.select_related("play", "version__metric").prefetch_related("version__steps")
    return list(rows.order_by("play__position", "play_id"))


def begin_due(day: date) -> set[int]:
    """Steps of running plays whose day has come; returns whose."""
    touched: set[int] = set()
    ids = list(due(day).order_by("pk").values_list("pk", flat=True))
    for some in paced(ids, most=MOST):
        with transaction.atomic():
            begin_some(due(day).filter(pk__in=some))
        touched |= set(
            StepRun.objects.filter(pk__in=some).values_list("intervention__engagement", flat=True)
        )
    return touched


def settle_all() -> None:
    running = Intervention.objects.filter(ended_at=None, started_on__isnull=False)
    ids = sorted(set(running.values_list("engagement_id", flat=True)))
    for some in paced(ids):
        settle(some)


def lapse(run: PlayRun, found: Sequence[Found], day: date) -> None:
    """Suggestions that nobody answered in time, or whose condition holds no more."""
    for some in paced(lapsing(run, found, day)):
        lapse_planned(run.play, [each.pk for each in some])


def lapsing(run: PlayRun, found: Sequence[Found], day: date) -> list[Intervention]:
    waiting = Intervention.objects.filter(run__play=run.play, ended_at=None, started_on=None)
    held, oldest = {each.engagement for each in found}, oldest_answerable(day)
    return [
        each
        for each in waiting.select_related("engagement", "run")
        if each.as_of < oldest or each.engagement_id not in held
    ]


def give(run: PlayRun, found: Sequence[Found], day: date) -> set[int]:
    """Give the run's play to whom the rule says; returns to whom. What it rests on is read before
    anybody has to wait for it."""
    recipe, given = recipe_of(run.version), set()
    for some in paced(chosen(run, recipe, found, day), most=MOST):
        bases = basis_of(run.version, [each.engagement for each in some], day)
        given |= give_some(run, recipe, some, bases, day)
    return given


def chosen(run: PlayRun, recipe: Recipe, found: Sequence[Found], day: date) -> list[Found]:
    """Those whom the rule enrols as things stand; who is turned away or waits now is not given
    the play later this night."""
    made, _ = decide(candidates_of(run.play, found, day), recipe, loads(day), day)
    return [each for each, one in zip(found, made, strict=True) if one.verdict == "enrol"]


@transaction.atomic
def give_some(
    run: PlayRun, recipe: Recipe, some: Sequence[Found], bases: Mapping[int, Basis], day: date
) -> set[int]:
    Workspace.objects.select_for_update().filter(id=1).first()
    if not PlayRun.objects.filter(pk=run.pk, ended_on=None).exists():
        return set()
    made, _ = decide(candidates_of(run.play, some, day), recipe, loads(day), day)
    enrolled = [each for each in made if each.verdict == "enrol"]

    rows = Intervention.objects.bulk_create(interventions_of(run, enrolled, bases, day))
    for row in rows:
        record_of(row, "intervention.planned", None, {})
    if run.version.automatic:
        start(rows, day, None)
    return {row.engagement_id for row in rows}


@transaction.atomic
def give_one(*, play: Play, engagement: Engagement, by: User) -> Intervention:
    """Somebody gives a play in use to a customer, whatever its condition and limits say; its
    steps begin at once. Raises Refused("not_active"), "going_on" while they are having it, or
    "no_owner" where a step asks somebody and nobody looks after them."""
    Workspace.objects.select_for_update().filter(id=1).first()
    day, run = local_today(), next((each for each in open_runs() if each.play_id == play.pk), None)
    if run is None:
        raise Refused("not_active")
    days, going_on = earlier_of(play, [engagement.pk], day).get(engagement.pk, ((), False))
    if going_on:
        raise Refused("going_on")
    if engagement.owner_id is None and recipe_of(run.version).asks:
        raise Refused("no_owner")

    bases = basis_of(run.version, [engagement.pk], day)
    again = Decision(engagement.pk, "enrol", occasion=len(days) + 1)
    [row] = interventions_of(run, [again], bases, day)
    row.planned_by = by
    row.save()
    record_of(row, "intervention.planned", by, {})
    start([row], day, by)
    return row


def interventions_of(
    run: PlayRun, enrolled: Sequence[Decision], bases: Mapping[int, Basis], day: date
) -> list[Intervention]:
    """The rows: the version, the occasion and what was known that day are what a later comparison
    rests on."""
    ranked = ranks(run.play_id)
    return [
        Intervention(
            play=run.play,
            run=run,
            engagement_id=each.engagement,
            occasion=each.occasion,
            as_of=day,
            known=basis.known,
            situation=basis.situation,
            rank=ranked.get(basis.situation, ranked[ELSEWHERE]),
            before=basis.before,
        )
        for each, basis in ((each, bases[each.engagement]) for each in enrolled)
    ]


def read_after(day: date) -> None:
    """The metric's value at the end of each window that has passed."""
    over = Intervention.objects.filter(after_on=None, started_on__isnull=False, as_of__lt=day)
    runs = PlayRun.objects.filter(version__metric__isnull=False, interventions__in=over)
    for run in runs.select_related("version__metric").order_by("pk").distinct():
        window = timedelta(days=run.version.window_days)
        ended = over.filter(run=run, as_of__lte=day - window)
        for some in paced(list(ended.order_by("pk")), most=MOST):
            write_after(run, some, window)


def write_after(run: PlayRun, rows: Collection[Intervention], window: timedelta) -> None:
    assert run.version.metric is not None
    key = run.version.metric.key
    pairs = {row.pk: (row.engagement_id, row.as_of + window) for row in rows}
    found = values.at(pairs.values(), [key])
    for row in rows:
        row.after = found.get(pairs[row.pk], {}).get(key)
        row.after_on = row.as_of + window
    Intervention.objects.bulk_update(rows, ["after", "after_on"])
