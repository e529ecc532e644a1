"""A talk script being followed: its steps, what is ticked, and how the talk ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString, mark_safe

from banso.actions.models import Contact
from banso.assets.models import Asset, Walkthrough
from banso.assets.pages.asset import addresses
from banso.assets.use_forms import OUTCOMES, PLAYED, LogForm, RolePlayForm
from banso.base.fields import localized
from banso.base.models import User
from banso.core.scripts import Checklist, Fork, Prose, Script, Step, Tick, script_of
from banso.engagements.models import Engagement
from banso.parties.access import PersonAt, people_of


@dataclass(frozen=True)
class TickNow:
    number: int
    html: SafeString
    ticked: bool


@dataclass(frozen=True)
class Part:
    """A part of a step: prose, a checklist with what is ticked, or the ways to go on."""

    prose: SafeString | None = None
    checklist: Sequence[TickNow] = ()
    fork: Fork | None = None
    chosen: str = ""


@dataclass(frozen=True)
class StepNow:
    step: Step
    parts: Sequence[Part]


@dataclass(frozen=True)
class TalkPage:
    """`going`: the reader goes on with it; `typed` is what stands in the fields of the log."""

    row: Walkthrough
    asset: Asset
    title: str
    steps: Sequence[StepNow]
    total: int
    people: Sequence[PersonAt]
    outcomes: Sequence[tuple[str, object]]
    channels: Sequence[str]
    today: date
    form: LogForm | RolePlayForm | None
    going: bool

    @property
    def ended(self) -> bool:
        return self.row.ended_at is not None

    @property
    def engagement(self) -> Engagement | None:
        return self.row.engagement

    @property
    def typed(self) -> dict[str, str]:
        if self.form is not None:
            return {name: self.form.data.get(name, "") for name in self.form.fields}
        return {"channel": Contact.Channel.CALL, "occurred_on": self.today.isoformat()}


def talk_page(
    row: Walkthrough, user: User, *, today: date, form: LogForm | RolePlayForm | None = None
) -> TalkPage:
    asset, version = row.version.asset, row.version
    script = script_of(version.body[row.language], addresses(asset))
    home = row.engagement.party_id if row.engagement else None
    return TalkPage(
        row=row,
        asset=asset,
        title=localized(version.title, row.language),
        steps=steps_of(script, row),
        total=len(script.ticks),
        people=people_of([home], today).get(home, []) if home is not None else [],
        outcomes=OUTCOMES if row.engagement else PLAYED,
        channels=Contact.Channel.values,
        today=today,
        form=form,
        going=row.ended_at is None and user.pk in (row.by_id, row.partner_id),
    )


def steps_of(script: Script, row: Walkthrough) -> list[StepNow]:
    return [StepNow(step, [part_of(part, row) for part in step.parts]) for step in script.steps]


def part_of(part: Prose | Checklist | Fork, row: Walkthrough) -> Part:
    if isinstance(part, Checklist):
        return Part(checklist=[tick_now(each, row) for each in part.ticks])
    if isinstance(part, Fork):
        return Part(fork=part, chosen=row.choices.get(str(part.number), ""))
    return Part(prose=mark_safe(part.html))


def tick_now(tick: Tick, row: Walkthrough) -> TickNow:
    return TickNow(tick.number, mark_safe(tick.html), tick.number in row.ticks)
