"""Plays that tests begin with."""

from datetime import timedelta

from banso.assets.models import Asset
from banso.base.models import User
from banso.base.workspace import local_today
from banso.core.conditions import All, Condition
from banso.engagements.models import Engagement
from banso.plays.actions import FirstStep, PlaySheet, StepSheet, activate_play, draft_play
from banso.plays.models import Play, PlayRun, Trial
from banso.plays.trial_actions import TrialSheet, begin_trial

CALL = StepSheet("action", {"ja": "電話する", "en": "Call them"})


def sheet(condition: Condition | None = None, **words: object) -> PlaySheet:
    told = {"steps": [CALL], "capacity": 1_000, "automatic": True} | words
    return PlaySheet({"ja": "施策", "en": "Play"}, condition or All(), **told)


def first_step() -> FirstStep:
    return FirstStep("最初の一社に電話", local_today() + timedelta(days=7))


def active(condition: Condition | None = None, by: object = None, **words: object) -> PlayRun:
    """A play put to use at once; automatic unless said otherwise."""
    return activate(draft_play(sheet=sheet(condition, **words), by=by), by)


def activate(play: Play, by: object = None) -> PlayRun:
    return activate_play(play=play, by=by, first_step=first_step())


def a_trial_on(guests: list[Engagement], *, by: User, asset: Asset | None = None) -> Trial:
    """A trial that began today and is decided in two weeks."""
    day = local_today() + timedelta(days=14)
    sheet = TrialSheet("初週にガイドを見せる", "自分で取り込む", day, asset)
    return begin_trial(sheet=sheet, guests=guests, by=by)
