"""The verbs of a small trial: begin it, note how each reacted, decide once, make it a play."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from banso.assets.models import Asset, Showing
from banso.assets.use import react, show
from banso.base.activity import record
from banso.base.models import User
from banso.base.workspace import local_today
from banso.core.conditions import All
from banso.engagements.models import Engagement
from banso.plays.actions import PlaySheet, StepSheet, draft_play
from banso.plays.models import Play, Trial, TrialGuest

MOST_GUESTS = 50


class Refused(Exception):
    """The verb does not apply; `code` says why: "nobody", "too_many", "day", "decided", "open"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class TrialSheet:
    """What is tried: a hypothesis, the reaction looked for, the day to decide, what is shown."""

    hypothesis: str
    looked_for: str
    decide_on: date
    asset: Asset | None = None


@transaction.atomic
def begin_trial(*, sheet: TrialSheet, guests: Sequence[Engagement], by: User) -> Trial:
    """Try it on these. Raises Refused: "nobody"; "too_many" (more than fifty: that is a play);
    "day" (decided later than today)."""
    today = local_today()
    if not guests:
        raise Refused("nobody")
    if len(guests) > MOST_GUESTS:
        raise Refused("too_many")
    if sheet.decide_on <= today:
        raise Refused("day")

    trial = Trial.objects.create(
        hypothesis=sheet.hypothesis,
        looked_for=sheet.looked_for,
        version=sheet.asset.current if sheet.asset else None,
        began_on=today,
        began_by=by,
        decide_on=sheet.decide_on,
    )
    TrialGuest.objects.bulk_create(TrialGuest(trial=trial, engagement=each) for each in guests)
    record("trial.begun", actor=by, subject_id=trial.pk, detail={"guests": len(guests)})
    return trial


@transaction.atomic
def note_reaction(*, guest: TrialGuest, reaction: str, by: User) -> TrialGuest:
    """How one of them reacted, the last word counts; so they were shown what is tried. Raises
    Refused("decided") once it is decided."""
    guest = TrialGuest.objects.select_for_update(of=("self",)).get(pk=guest.pk)
    trial = Trial.objects.select_related("version").get(pk=guest.trial_id)
    if trial.decision:
        raise Refused("decided")
    if guest.reaction == reaction:
        return guest

    guest.reaction, guest.reacted_at, guest.reacted_by = reaction, timezone.now(), by
    guest.save(update_fields=["reaction", "reacted_at", "reacted_by"])
    note_showing(trial, guest, by)
    detail = {"trial": trial.pk, "reaction": reaction}
    record("trial.reacted", actor=by, engagement_id=guest.engagement_id, detail=detail)
    return guest


def note_showing(trial: Trial, guest: TrialGuest, by: User) -> None:
    if trial.version is None:
        return
    helped = guest.reaction == TrialGuest.Reaction.YES
    showing = show(
        version=trial.version,
        engagement=guest.engagement,
        by=by,
        once=f"trial:{trial.pk}:{guest.engagement_id}",
    )
    reaction = Showing.Reaction.HELPED if helped else Showing.Reaction.NOT_HELPED
    react(showing=showing, reaction=reaction, by=by)


@transaction.atomic
def decide_trial(*, trial: Trial, decision: str, by: User, words: str = "") -> Trial:
    """Keep, adjust or stop, once. Raises Refused("decided") the second time."""
    trial = locked(trial)
    if trial.decision:
        raise Refused("decided")

    trial.decision, trial.decided_at, trial.decided_by = decision, timezone.now(), by
    trial.decision_words = words.strip()
    trial.save(update_fields=["decision", "decided_at", "decided_by", "decision_words"])
    record("trial.decided", actor=by, subject_id=trial.pk, detail={"decision": decision})
    return trial


@transaction.atomic
def make_play(*, trial: Trial, by: User) -> Play:
    """A draft of the play for everybody it fits; asked again, the one that was drafted. Raises
    Refused("open") where it was not decided to keep it."""
    trial = locked(trial)
    if trial.decision != Trial.Decision.KEEP:
        raise Refused("open")
    if trial.play is not None:
        return trial.play

    words = dict.fromkeys(("ja", "en"), trial.hypothesis[:80])
    sheet = PlaySheet(
        name=words, condition=All(), steps=[step_of(trial)], purpose=trial.looked_for, owner=by
    )
    trial.play = draft_play(sheet=sheet, by=by)
    trial.save(update_fields=["play"])
    return trial.play


def step_of(trial: Trial) -> StepSheet:
    """What was shown is shown; else what was tried is done."""
    version = trial.version
    if version is None:
        return StepSheet("action", dict.fromkeys(("ja", "en"), trial.hypothesis[:200]))
    kind = "script" if version.asset.kind == Asset.Kind.SCRIPT else "guide"
    return StepSheet(kind, version.title, thing=version.asset.uid)


def locked(trial: Trial) -> Trial:
    rows = Trial.objects.select_related("version__asset", "play")
    return rows.select_for_update(of=("self",)).get(pk=trial.pk)
