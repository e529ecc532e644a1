"""The verbs of a retrospective: hold, revise, and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from banso.actions.actions import NextStep, add_action
from banso.base.activity import record
from banso.base.models import User
from banso.cases.copying import sheet_of
from banso.cases.models import Outcome, Retrospective
from banso.core.conditions import All
from banso.engagements.models import Contract, Engagement
from banso.plays.actions import PlaySheet, draft_play
from banso.plays.barrier_actions import add_kind
from banso.plays.models import Intervention

WORDS = ("title", "expected", "happened", "likely", "helped")


class Refused(Exception):
    """The verb does not apply; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Sheet:
    """A retrospective as it is written."""

    title: str
    held_on: date
    expected: str = ""
    happened: str = ""
    likely: str = ""
    helped: str = ""

    @property
    def words(self) -> Mapping[str, str]:
        return {name: getattr(self, name).strip() for name in WORDS}


@dataclass(frozen=True)
class Occasion:
    """What is looked back at: an intervention, a contract, a customer, or none of them."""

    engagement: Engagement | None = None
    intervention: Intervention | None = None
    contract: Contract | None = None


@transaction.atomic
def hold(*, sheet: Sheet, of: Occasion, by: User | None) -> Retrospective:
    found = Retrospective.objects.create(
        **sheet.words, held_on=sheet.held_on, **vars(of), made_by=by
    )
    record_of(found, "retrospective.held", by, {})
    return found


@transaction.atomic
def revise(*, retrospective: Retrospective, sheet: Sheet, by: User) -> None:
    row = locked(retrospective)

    for name, words in sheet.words.items():
        setattr(row, name, words)
    row.held_on = sheet.held_on
    row.save()
    record_of(row, "retrospective.revised", by, {})


@transaction.atomic
def draft_from(*, retrospective: Retrospective, name: Mapping[str, str], by: User) -> Outcome:
    """A play is drafted: of an intervention, with what its play said; else for nobody yet."""
    row = locked(retrospective)
    told = PlaySheet(name=dict(name), condition=All(), steps=[], owner=by, purpose=row.likely)
    if row.intervention is not None:
        version = row.intervention.run.version
        told = PlaySheet(**(vars(sheet_of(version, by)) | {"name": dict(name)}))

    play = draft_play(sheet=told, by=by)
    return kept(Outcome(retrospective=row, play=play, made_by=by))


@transaction.atomic
def name_kind(*, retrospective: Retrospective, name: Mapping[str, str], by: User) -> Outcome:
    """A kind of barrier that was not told apart before. Raises
    banso.plays.barrier_actions.Refused("too_many")."""
    row = locked(retrospective)

    kind = add_kind(name=name, by=by)
    return kept(Outcome(retrospective=row, kind=kind, made_by=by))


@transaction.atomic
def agree_action(*, retrospective: Retrospective, step: NextStep, by: User) -> Outcome:
    """Somebody does something until a day. Raises Refused("no_customer") for a free occasion:
    an action belongs to a customer."""
    row = locked(retrospective)
    if row.engagement is None:
        raise Refused("no_customer")

    action = add_action(engagement=row.engagement, by=by, step=step)
    return kept(Outcome(retrospective=row, action=action, made_by=by))


def kept(outcome: Outcome) -> Outcome:
    outcome.save()
    made = {"play": outcome.play_id, "kind": outcome.kind_id, "action": outcome.action_id}
    told = {name: number for name, number in made.items() if number}
    record_of(outcome.retrospective, "retrospective.followed", outcome.made_by, told)
    return outcome


def locked(retrospective: Retrospective) -> Retrospective:
    rows = Retrospective.objects.select_for_update(of=("self",))
    return rows.select_related("engagement", "intervention__run__version__play").get(
        pk=retrospective.pk
    )


def record_of(row: Retrospective, verb: str, by: User | None, detail: Mapping[str, object]) -> None:
    record(verb, actor=by, engagement_id=row.engagement_id, subject_id=row.pk, detail=dict(detail))
