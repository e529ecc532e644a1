"""Today: whose gap matters most, why, and what is due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from banso.actions.models import Action
from banso.actions.streams import open_steps
from banso.alerts import pages as changes
from banso.base.models import Role, User
from banso.base.roles import WRITERS
from banso.desk.dates import Clock
from banso.desk.models import Handover
from banso.desk.ranking import Tally, board
from banso.desk.rows import Reader, Row, Stood, nothing, rows_of
from banso.engagements.access import Scope, book, changer, engagements, readable
from banso.events.lake import connected
from banso.goals.sections import SECTIONS, Section
from banso.plays.asset_steps import Asked, asked_by
from banso.web.paging import Listed
from banso.web.tables import TableState

SCOPES: tuple[Scope, ...] = ("me", "team", "all")
PER_PAGE = 25
STEPS = 20


@dataclass(frozen=True)
class Choice:
    """One of several ways to look at the list; `code` is worded by the template."""

    code: str
    href: str
    active: bool
    count: Tally | None = None


@dataclass(frozen=True)
class Today:
    clock: Clock
    scope: Scope
    scopes: Sequence[Choice]
    section: Section
    sections: Sequence[Choice]
    silent: Choice
    needs: Tally
    rows: Sequence[Row]
    listed: Page[Stood]
    state: TableState
    steps: Sequence[Action]
    asked: Mapping[int, Asked]
    more_steps: int
    since: datetime | None
    connected: bool
    computed_on: date | None
    proposed: bool
    empty: bool
    may_import: bool
    may_add: bool
    changes: changes.Section | None
    handover: Handover | None

    @property
    def stale(self) -> bool:
        """The stored standings are of an earlier day: the nightly round has not run."""
        return self.computed_on is not None and self.computed_on < self.clock.today


def today_page(
    *, user: User, role: Role, clock: Clock, state: TableState, since: datetime | None
) -> Today:
    """What `user` sees; a fixed number of statements, whatever the length of the list."""
    scope = scope_of(user, role, state)
    silent = bool(state.filter("silent"))
    found = board(clock.as_of, user, scope, live=clock.live, silent=silent)
    counts = {name: found.tally(name) for name in SECTIONS}
    section = section_of(counts, state)
    fetch = partial(found.rows, section)
    shown = Listed(fetch, counts[section].count, counts[section].more)
    listed: Page[Stood] = Paginator(shown, PER_PAGE).get_page(state.page)
    rows = list(listed.object_list)
    reader = Reader(user, since, changer(user, role) if clock.live else nothing)
    steps = list(my_steps(user, clock.as_of)[: STEPS + 1])
    return Today(
        clock=clock,
        scope=scope,
        scopes=[scope_choice(each, scope, state) for each in SCOPES],
        section=section,
        sections=[section_choice(each, section, counts, state) for each in SECTIONS],
        silent=silent_choice(state),
        needs=counts["needs"],
        rows=rows_of(rows, as_of=clock.as_of, reader=reader, first=listed.start_index()),
        listed=listed,
        state=state,
        steps=steps[:STEPS],
        asked=asked_by(steps),
        more_steps=max(0, len(steps) - STEPS),
        since=since,
        connected=connected(clock.as_of),
        computed_on=found.computed_on(),
        proposed=any(each.plan in ("proposed", "built_in") for each in rows),
        empty=not any(each.count for each in counts.values()) and not engagements(user).exists(),
        may_import=role in WRITERS,
        may_add=role in WRITERS and clock.live,
        changes=changes.news(user, role, clock.today, scope) if clock.live else None,
        handover=leaving(user),
    )


def leaving(user: User) -> Handover | None:
    """The planned hand-over of the user's own book, for which notes are asked."""
    planned = Handover.objects.filter(leaver=user, done_at=None, withdrawn_at=None)
    return planned.order_by("effective_on").first()


def scope_of(user: User, role: Role, state: TableState) -> Scope:
    """The scope asked for; else one's own book, or everybody's for those who have none."""
    asked = state.filter("scope")
    for scope in SCOPES:
        if asked == scope:
            return scope
    has_book = role != Role.VIEWER and book(user, "me").exists()
    return "me" if has_book or role == Role.SUCCESS else "all"


def section_of(counts: Mapping[Section, Tally], state: TableState) -> Section:
    """The section asked for; else what needs a person, or what nobody can judge yet."""
    asked = state.filter("section")
    for section in SECTIONS:
        if asked == section:
            return section
    if not counts["needs"].count and counts["unmeasured"].count:
        return "unmeasured"
    return "needs"


def my_steps(user: User, as_of: date) -> QuerySet[Action]:
    """The user's own open steps that are due or late, soonest first."""
    return (
        open_steps(as_of)
        .filter(readable(user), owner=user, due_on__lte=as_of)
        .select_related("engagement__party", "owner", "step_run__step")
    )


def scope_choice(code: Scope, active: Scope, state: TableState) -> Choice:
    return Choice(code, state.filtered("scope", code), code == active)


def section_choice(
    code: Section, active: Section, counts: Mapping[Section, Tally], state: TableState
) -> Choice:
    href = state.filtered("section", code)
    return Choice(code, href, code == active, counts[code])


def silent_choice(state: TableState) -> Choice:
    active = bool(state.filter("silent"))
    return Choice("silent", state.filtered("silent", "" if active else "1"), active)
