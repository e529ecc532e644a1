"""Finished interventions and their cases, for tests to begin with."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from banso.base.workspace import local_today
from banso.cases.actions import CaseSheet, make_case, publish_case
from banso.cases.models import Case
from banso.plays.models import Intervention, PlayRun
from tests.plays.making import active

STUCK = "使い始めたところで止まってしまい、一人しか使っていませんでした。"
NUMBERS = count(1)


def done(run: PlayRun, engagement, *, before=10.0, after=60.0, days=90, gap=0.6, **words):
    """An intervention that began `days` ago and has ended, its window over."""
    day, now = local_today() - timedelta(days=days), timezone.now()
    stood = {"gap": gap, "stage_id": None, "annual_minor": 1_200_000}
    told = {
        "as_of": day,
        "known": {"fields": {}, "stood": stood},
        "situation": f"{engagement.touch}||red",
        "started_on": day,
        "started_at": now - timedelta(days=days),
        "ended_as": "done",
        "ended_at": now - timedelta(days=days - 10),
        "before": before,
        "after": after,
        "after_on": day + timedelta(days=run.version.window_days),
    }
    return Intervention.objects.create(
        play=run.play, run=run, engagement=engagement, occasion=next(NUMBERS), **told | words
    )


def a_run(metric, by, **words) -> PlayRun:
    return active(by=by, metric=metric, automatic=False, **words)


def a_case(row: Intervention, by, *, published=True, **words) -> Case:
    told = {"ending": "success", "title": "最初の一歩で止まったとき", "situation": STUCK}
    case = make_case(intervention=row, sheet=CaseSheet(**told | words), language="ja", by=by)
    if published:
        publish_case(case=case, by=by)
    case.refresh_from_db()
    return case
