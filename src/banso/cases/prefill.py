"""What is known of an intervention already, so that telling it takes a minute."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from banso.actions.models import Contact
from banso.base.fields import localized
from banso.base.workspace import day_end
from banso.cases.actions import CaseSheet
from banso.cases.models import Case
from banso.plays.models import Barrier, Intervention, StepRun
from banso.web.formats import language, percent_text


def sheet_of(row: Intervention) -> CaseSheet:
    """Title, situation and what was done, from the play, its steps, the barriers and the contacts
    of its time; how it ended, from the metric."""
    barriers = list(barriers_of(row))
    lowered = [each for each in barriers if each.lowered_at is not None]
    steps = list(row.steps.select_related("step", "action").order_by("due_on", "pk"))
    return CaseSheet(
        ending=ending_of(row),
        title=localized(row.play.name, language()),
        situation="\n".join(situation(row, barriers)),
        did="\n".join(did(row, steps)),
        happened="\n".join(named_barrier(each) for each in lowered),
        copy=row.play.purpose,
        avoid="",
        barriers=barriers,
    )


def ending_of(row: Intervention) -> str:
    """A failure where the metric is known not to have become better."""
    metric = row.run.version.metric
    if metric is None or row.before is None or row.after is None:
        return Case.Ending.SUCCESS
    better = row.after > row.before if metric.higher_is_better else row.after < row.before
    return Case.Ending.SUCCESS if better else Case.Ending.FAILURE


def barriers_of(row: Intervention) -> QuerySet[Barrier]:
    """Those of the customer that stood in the way at some time while it ran."""
    assert row.ended_at is not None
    assert row.started_at is not None
    still = Q(lowered_at=None) | Q(lowered_at__gte=row.started_at)
    rows = Barrier.objects.filter(still, engagement=row.engagement, noted_at__lte=row.ended_at)
    return rows.select_related("kind").order_by("noted_at", "pk")


def situation(row: Intervention, barriers: Sequence[Barrier]) -> list[str]:
    gap = row.known.get("stood", {}).get("gap")
    told = [] if gap is None else [_("The gap was %(gap)s.") % {"gap": percent_text(gap)}]
    return told + [named_barrier(each) for each in barriers]


def named_barrier(barrier: Barrier) -> str:
    name = localized(barrier.kind.name, language())
    words = barrier.lowered_words if barrier.lowered_at else barrier.words
    return f"{name}: {words}" if words else name


def did(row: Intervention, steps: Sequence[StepRun]) -> list[str]:
    """The steps that were done, those that were not, and how often one was in touch."""
    told = [f"・{step_words(each)}" for each in steps if not dropped(each)]
    left = [step_words(each) for each in steps if dropped(each)]
    if left:
        told.append(_("Not done: %(steps)s") % {"steps": _(", ").join(left)})
    contacts = contacts_of(row)
    if contacts:
        count = sum(contacts.values())
        told.append(ngettext("%(n)s contact", "%(n)s contacts", count) % {"n": count})
    return told


def step_words(run: StepRun) -> str:
    return localized(run.step.words, language())


def dropped(run: StepRun) -> bool:
    return run.action is not None and run.action.closed_as == "dropped"


def contacts_of(row: Intervention) -> Counter[str]:
    """By channel, from the day it began until the day it ended."""
    assert row.ended_at is not None
    assert row.started_on is not None
    since = day_end(row.started_on - timedelta(days=1))
    rows = Contact.objects.filter(
        engagement=row.engagement_id, occurred_at__gte=since, occurred_at__lte=row.ended_at
    )
    return Counter(rows.values_list("channel", flat=True))
