"""Small trials: those that go on, what was learned from the others, and one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from banso.base.models import Role, User
from banso.base.roles import WRITERS
from banso.base.workspace import local_today
from banso.engagements.access import changer
from banso.plays import access
from banso.plays.models import Trial, TrialGuest
from banso.web.formats import day_text
from banso.web.paging import Listed, reach
from banso.web.tables import TableState

PER_PAGE = 25


@dataclass(frozen=True)
class TrialLine:
    """A trial, and how many of those it is tried on reacted so, did not, and are not known."""

    trial: Trial
    guests: int
    yes: int
    no: int

    @property
    def unknown(self) -> int:
        return self.guests - self.yes - self.no


@dataclass(frozen=True)
class TrialsPage:
    lines: Sequence[TrialLine]
    listed: Page[Trial]
    state: TableState
    today: date
    may_write: bool


@dataclass(frozen=True)
class TrialPage:
    """One trial; of its guests those that the reader may read, and whose reaction they may note."""

    line: TrialLine
    guests: Sequence[TrialGuest]
    writable: frozenset[int]
    today: date
    may_decide: bool

    @property
    def may_note(self) -> bool:
        return not self.line.trial.decision

    @property
    def day(self) -> str:
        return day_text(self.line.trial.decide_on, "medium")


def trials_page(user: User, role: Role, state: TableState) -> TrialsPage:
    rows = access.trials(user)
    size, more = reach(rows)

    def fetch(first: int, last: int) -> Sequence[Trial]:
        ordered = rows.order_by("-decide_on", "-id").select_related("began_by", "version")
        return list(ordered[first:last])

    listed = Paginator(Listed(fetch, size, more), PER_PAGE).get_page(state.page)
    trials = list(listed.object_list)
    counts = counted(trials, user)
    return TrialsPage(
        lines=[TrialLine(each, *counts.get(each.pk, (0, 0, 0))) for each in trials],
        listed=listed,
        state=state,
        today=local_today(),
        may_write=role in WRITERS,
    )


def counted(trials: Sequence[Trial], user: User) -> dict[int, tuple[int, int, int]]:
    """By trial: how many guests, and how many of them said yes and no, of those the reader may
    read."""
    rows = access.trial_guests(user).filter(trial__in=trials).order_by().values("trial")
    told = rows.annotate(
        guests=Count("pk"),
        yes=Count("pk", filter=Q(reaction=TrialGuest.Reaction.YES)),
        no=Count("pk", filter=Q(reaction=TrialGuest.Reaction.NO)),
    )
    return {each["trial"]: (each["guests"], each["yes"], each["no"]) for each in told}


def trial_page(trial: Trial, user: User, role: Role) -> TrialPage:
    guests = access.trial_guests(user).filter(trial=trial).select_related("engagement__party")
    rows = list(guests.order_by("engagement__party__name_key", "pk"))
    may_change = changer(user, role)
    return TrialPage(
        line=TrialLine(trial, *counted([trial], user).get(trial.pk, (0, 0, 0))),
        guests=rows,
        writable=frozenset(each.engagement_id for each in rows if may_change(each.engagement)),
        today=local_today(),
        may_decide=access.may_decide(user, role, trial) and not trial.decision,
    )
