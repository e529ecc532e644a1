"""The round: measure, stand, seal; every night, after an import, after a change of plans."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.tasks import task
from django.utils import timezone

from banso.alerts.actions import close_acted
from banso.alerts.record import due_records
from banso.alerts.rounds import notice
from banso.base.activity import seal
from banso.base.jobs import enqueue_once
from banso.base.models import Activity, Workspace
from banso.base.pacing import give_way, paced
from banso.base.workspace import local_today
from banso.cases.effects import read_effects
from banso.desk.book_days import keep_book_days
from banso.desk.handover import carry_out_due
from banso.desk.reminders import remind
from banso.engagements.models import Engagement
from banso.engine.spark import measuring_at
from banso.events.acts import drain_acts
from banso.events.after import unless_waiting
from banso.events.aging import drop_old
from banso.goals.proposals import keep_proposals
from banso.goals.refresh import refresh_standings
from banso.goals.segments import keep_figures
from banso.goals.stage_actions import advance
from banso.metrics.actions import refresh, starter
from banso.metrics.backfill import follow_events, keep_history
from banso.plays.reminders import remind_keepers, remind_of_trials
from banso.plays.rounds import give_plays

NIGHT = timedelta(hours=3)
REST = 0.02


def round_now() -> None:
    """Measure everything as of today, write where everybody stands, seal what happened."""
    round_on(local_today())


def round_on(day: date) -> None:
    """The round as of a day: what the data can newly give is measured from then on. Customers
    of whom somebody wrote something meanwhile are looked at again."""
    begun = timezone.now()
    starter(day)
    follow_events(day)
    refresh(day)
    keep_proposals(day)
    refresh_standings(as_of=day)
    for some in paced(advance(day)):
        refresh_standings(some, day)
    give_plays(day)
    read_effects(day)
    touched = Activity.objects.filter(at__gte=begun).values_list("engagement_id", flat=True)
    if ids := {each for each in touched if each}:
        refresh(day, ids)
        for some in paced(ids):
            refresh_standings(some, day)
    notice_changes(day)
    keep_book_days(day)
    keep_figures(day)
    keep_history(day)
    for _ in iter(seal, 0):
        give_way(REST)
    for _ in iter(drain_acts, 0):
        give_way(REST)


def notice_changes(day: date) -> None:
    """Raise what moved, close what somebody answered, ask for the week's track record."""
    notice(day)
    close_acted(None, day)
    due_records(day)


@task
def round_after_import() -> None:
    """New files change what is known: look again at once."""
    round_now()


def after_change(engagement_ids: Collection[int] | None) -> None:
    """New facts of a few count at once; what changed for everybody, with the next job."""
    if engagement_ids is None:
        unless_waiting(round_after_import)
    else:
        refresh(local_today(), engagement_ids)
        refresh_standings(engagement_ids)
        close_acted(engagement_ids, local_today())


def refresh_one(engagement: Engagement) -> None:
    """Make one engagement's numbers right at once, after somebody did something."""
    after_change([engagement.pk])


@task
def nightly_round(*, day: str) -> str:
    """The round of a local day; the day is only its name. Hand-overs of the day come first, then
    events that have become too old go. It measures on the Spark cluster that the settings name,
    where they name one."""
    carry_out_due(local_today())
    drop_old()
    with measuring_at(settings.SPARK_MASTER):
        round_now()
    remind(local_today())
    remind_keepers(local_today())
    remind_of_trials(local_today())
    return day


def due_rounds(now: datetime | None = None) -> bool:
    """Enqueue the night's round once it is past three o'clock; True when it was enqueued."""
    place = Workspace.objects.filter(id=1).first()
    if place is None:
        return False
    day = round_day(now or timezone.now(), ZoneInfo(place.timezone)).isoformat()
    return enqueue_once(nightly_round, key=f"nightly-round {day}", day=day)


def round_day(now: datetime, zone: ZoneInfo) -> date:
    """The local day whose night round is due: before three o'clock still the day before."""
    return (now.astimezone(zone) - NIGHT).date()
