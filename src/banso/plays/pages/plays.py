"""The plays: the list with what became of each, one of them, and the one being written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Avg, Count, Q, QuerySet

from banso.base.fields import localized
from banso.base.models import Role, User
from banso.base.roles import MANAGERS, WRITERS
from banso.base.workspace import local_today
from banso.core.conditions import load
from banso.core.enrolment import Decision
from banso.engagements.access import engagements, hidden_from
from banso.engagements.models import Engagement
from banso.metrics.condition_form import ConditionForm, Group
from banso.metrics.fields import fields
from banso.metrics.segments import lost
from banso.plays import access
from banso.plays.actions import current_run, current_version
from banso.plays.forms_plays import FirstStepForm, PlayForm, StepRows
from banso.plays.models import Intervention, Play, PlayRun, PlayStep, PlayVersion
from banso.plays.pages.suggestions import told
from banso.plays.preview import tonight
from banso.plays.steps import KINDS, StepKind
from banso.web.formats import language

LISTED = 25
RUNNING = Q(ended_at=None, started_on__isnull=False)
PLANNED = Q(ended_at=None, started_on=None)
MEASURED = Q(before__isnull=False, after__isnull=False)


@dataclass(frozen=True)
class Given:
    """What became of what was given: how many of each state, and the metric's mean before and
    after over those of whom both are known."""

    planned: int = 0
    running: int = 0
    done: int = 0
    refused: int = 0
    lapsed: int = 0
    measured: int = 0
    before: float | None = None
    after: float | None = None

    @property
    def begun(self) -> int:
        return self.running + self.done


@dataclass(frozen=True)
class PlayLine:
    play: Play
    name: str
    version: PlayVersion
    groups: Sequence[Group]
    given: Given
    overdue: bool
    broken: bool


@dataclass(frozen=True)
class PlaysPage:
    active: Sequence[PlayLine]
    drafted: Sequence[PlayLine]
    retired: Sequence[PlayLine]
    may_write: bool


@dataclass(frozen=True)
class StepLine:
    step: PlayStep
    kind: StepKind | None
    last_day: int


@dataclass(frozen=True)
class RunLine:
    run: PlayRun
    given: Given
    late: bool


@dataclass(frozen=True)
class PlayPage:
    """One play: what it says, the run in use, those before, and the latest that were given."""

    line: PlayLine
    steps: Sequence[StepLine]
    run: RunLine | None
    past: Sequence[RunLine]
    interventions: Sequence[Intervention]
    versions: int
    today: date
    may_change: bool
    may_activate: bool


@dataclass(frozen=True)
class PreviewLine:
    decision: Decision
    engagement: Engagement


@dataclass(frozen=True)
class PreviewPage:
    """Who would get the play tonight, of those the reader may read: the first in the day's
    order that would, and those that would not with why."""

    play: Play
    held: int
    given: int
    waiting: int
    refused: Sequence[tuple[str, int]]
    lines: Sequence[PreviewLine]
    others: Sequence[PreviewLine]


@dataclass(frozen=True)
class WritingPage:
    """The play being written; `first` where writing it anew begins another run."""

    play: Play | None
    form: PlayForm
    conditions: ConditionForm
    steps: StepRows
    first: FirstStepForm | None
    number: int


def plays_page(user: User, role: Role) -> PlaysPage:
    rows = list(access.plays(user).select_related("owner", "team"))
    versions = latest_versions(rows)
    known, given = fields(), given_by(access.interventions(user), "play")
    lines = [
        line_of(each, versions[each.pk], told(versions[each.pk], known), given) for each in rows
    ]
    return PlaysPage(
        active=[each for each in lines if each.play.state == "active"],
        drafted=[each for each in lines if each.play.state == "drafted"],
        retired=[each for each in lines if each.play.state == "retired"],
        may_write=role in WRITERS,
    )


def latest_versions(plays: Sequence[Play]) -> dict[int, PlayVersion]:
    rows = PlayVersion.objects.filter(play__in=plays).select_related("metric")
    return {each.play_id: each for each in rows.order_by("number")}


def line_of(
    play: Play, version: PlayVersion, groups: Sequence[Group], given: Mapping[int, Given]
) -> PlayLine:
    return PlayLine(
        play=play,
        name=localized(play.name, language()),
        version=version,
        groups=groups,
        given=given.get(play.pk, Given()),
        overdue=play.review_on is not None and play.review_on < local_today(),
        broken=bool(lost(load(version.condition))),
    )


def given_by(rows: QuerySet[Intervention], path: str) -> dict[int, Given]:
    """What became of what was given, by play or by run."""
    counted = (
        rows.order_by()
        .values(path)
        .annotate(
            planned=Count("pk", filter=PLANNED),
            running=Count("pk", filter=RUNNING),
            done=Count("pk", filter=Q(ended_as="done")),
            refused=Count("pk", filter=Q(ended_as="refused")),
            lapsed=Count("pk", filter=Q(ended_as="lapsed")),
            measured=Count("pk", filter=MEASURED),
            mean_before=Avg("before", filter=MEASURED),
            mean_after=Avg("after", filter=MEASURED),
        )
    )
    return {
        each.pop(path): Given(before=each.pop("mean_before"), after=each.pop("mean_after"), **each)
        for each in counted
    }


def play_page(play: Play, user: User, role: Role) -> PlayPage:
    mine = access.interventions(user).filter(play=play)
    version = current_version(play)
    runs = list(
        PlayRun.objects.filter(play=play).select_related("version", "decided_by", "began_by")
    )
    by_run, today = given_by(mine, "run"), local_today()
    lines = [run_line(each, by_run, today) for each in runs]
    now = current_run(play)
    latest = mine.select_related("engagement__party", "run__version__metric")
    return PlayPage(
        line=line_of(play, version, told(version, fields()), given_by(mine, "play")),
        steps=[step_line(each) for each in version.steps.all()],
        run=next((each for each in lines if now and each.run.pk == now.pk), None),
        past=[each for each in reversed(lines) if each.run.ended_on is not None],
        interventions=list(latest.order_by("-as_of", "-id")[:LISTED]),
        versions=version.number,
        today=today,
        may_change=access.may_change(user, role, play),
        may_activate=role in MANAGERS,
    )


def run_line(run: PlayRun, given: Mapping[int, Given], today: date) -> RunLine:
    late = run.first_step_done_on is None and run.first_step_by < today and run.ended_on is None
    return RunLine(run, given.get(run.pk, Given()), late)


def step_line(step: PlayStep) -> StepLine:
    return StepLine(step, KINDS.get(step.kind), step.offset_days + step.within_days)


def preview_page(play: Play, user: User) -> PreviewPage:
    """Nobody whom the reader may not read is named or counted."""
    made, hidden = tonight(current_version(play), local_today()), hidden_from(user)
    mine = [each for each in made if each.engagement not in hidden]
    given = [each for each in mine if each.verdict == "enrol"]
    others = [each for each in mine if each.verdict != "enrol"]
    return PreviewPage(
        play=play,
        held=len(mine),
        given=len(given),
        waiting=sum(each.verdict == "wait" for each in others),
        refused=reasons(others),
        lines=preview_lines(given[:LISTED], user),
        others=preview_lines(others[:LISTED], user),
    )


def preview_lines(decisions: Sequence[Decision], user: User) -> list[PreviewLine]:
    readable = engagements(user).in_bulk([each.engagement for each in decisions])
    return [
        PreviewLine(each, readable[each.engagement])
        for each in decisions
        if each.engagement in readable
    ]


def reasons(decisions: Sequence[Decision]) -> list[tuple[str, int]]:
    """Why not, with how often, most first."""
    found: dict[str, int] = {}
    for each in decisions:
        found[each.why] = found.get(each.why, 0) + 1
    return sorted(found.items(), key=lambda each: (-each[1], each[0]))
