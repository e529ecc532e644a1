"""What those who keep plays right are reminded of: a review, a first small step, a decision."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from django.db import transaction
from django.urls import reverse

from banso.base.models import Notification
from banso.base.notices import notify
from banso.engagements.models import Engagement
from banso.plays.models import Play, PlayRun, Trial

LOOK_BACK = timedelta(days=7)
"""Nights without a round that are made up for."""


class Reminder(NamedTuple):
    verb: str
    play: Play
    keeper: int | None
    on: date


@transaction.atomic
def remind_keepers(today: date) -> None:
    """Tell whoever keeps a play, once: what became due in the last days."""
    for each in (*reviews(today), *of_runs(today)):
        notify(
            each.verb,
            [each.keeper],
            actor=None,
            subject_id=each.play.pk,
            detail={"on": each.on.isoformat(), "play": each.play.uid},
            once=f"{each.verb} {each.play.pk} {each.on}",
        )


@transaction.atomic
def remind_of_trials(today: date) -> None:
    """Tell whoever began a trial on the day it is to be decided."""
    due = Trial.objects.filter(decision="", decide_on__gt=today - LOOK_BACK, decide_on__lte=today)
    for trial in due:
        notify(
            "trial.decision_due",
            [trial.began_by_id],
            actor=None,
            subject_id=trial.pk,
            detail={"trial": trial.uid},
            once=f"trial.decision_due {trial.pk}",
        )


def reviews(today: date) -> Iterator[Reminder]:
    due = Play.objects.filter(retired_at=None, review_on__gt=today - LOOK_BACK)
    for play in due.filter(activated_at__isnull=False, review_on__lte=today):
        assert play.review_on is not None
        yield Reminder("play.review_due", play, play.owner_id or play.created_by_id, play.review_on)


def of_runs(today: date) -> Iterator[Reminder]:
    """The first small step that nobody has taken, and the decision once the window has passed."""
    for run in PlayRun.objects.filter(ended_on=None).select_related("play", "version"):
        keeper = run.play.owner_id or run.began_by_id
        decided_by = run.began_on + timedelta(days=run.version.window_days)
        if run.first_step_done_on is None and today - LOOK_BACK < run.first_step_by <= today:
            yield Reminder("play.first_step_due", run.play, keeper, run.first_step_by)
        if not run.decision and today - LOOK_BACK < decided_by <= today:
            yield Reminder("play.decision_due", run.play, keeper, decided_by)


def plays_by(ids: Collection[int]) -> Mapping[int, Play]:
    """What these notifications are about."""
    return Play.objects.in_bulk(list(ids))


def to_play(notification: Notification, engagement: Engagement | None) -> str:
    """Where they lead."""
    return reverse("play", args=[notification.detail["play"]])


def trials_by(ids: Collection[int]) -> Mapping[int, Trial]:
    """The trials that notifications are about."""
    return Trial.objects.in_bulk(list(ids))


def to_trial(notification: Notification, engagement: Engagement | None) -> str:
    """Where those lead."""
    return reverse("trial", args=[notification.detail["trial"]])
