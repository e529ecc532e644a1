"""What can be looked at over time: an event, any event, or a metric."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from banso.base.fields import localized
from banso.core.metrics import Stream
from banso.engine.discover import EventName
from banso.metrics.models import Metric
from banso.metrics.sentences import capitalized, event_name
from banso.web.formats import language

EVENT, ACT, METRIC = "event:", "act:", "metric:"


@dataclass(frozen=True)
class Subject:
    """`code` is what stands in the address; `names` are the events, none of them meaning any."""

    code: str
    names: tuple[str, ...] = ()
    metric: Metric | None = None
    stream: Stream = "events"


def subject_of(code: str, metrics: Sequence[Metric]) -> Subject:
    """The subject of a code; of an unreadable one, any event: the form says it is no choice."""
    if code.startswith(METRIC):
        uid = code.removeprefix(METRIC)
        return Subject(code, metric=next((each for each in metrics if each.uid == uid), None))
    if code.startswith(ACT):
        name = code.removeprefix(ACT)
        return Subject(code, (name,) if name else (), stream="acts")
    name = code.removeprefix(EVENT) if code.startswith(EVENT) else ""
    return Subject(code, (name,) if name else ())


def subjects_offered(
    events: Sequence[EventName], acts: Sequence[EventName], metrics: Sequence[Metric]
) -> list[tuple[Any, list[tuple[str, Any]]]]:
    """The events, the most frequent first, the metrics in use, and our own acts."""
    named = [(f"{EVENT}{each.name}", each.name) for each in events]
    usage = [(EVENT, _("Any event")), *named] if events else []
    told = [(f"{METRIC}{each.uid}", name_of(each)) for each in metrics]
    groups: list[tuple[Any, list[tuple[str, Any]]]]
    verbs = [(f"{ACT}{each.name}", capitalized(event_name(each.name))) for each in acts]
    done = [(ACT, _("Anything")), *verbs] if acts else []
    groups = [
        (_("Product usage"), usage),
        (_("Metrics"), told),
        (_("What happened in Banso"), done),
    ]
    return [(label, choices) for label, choices in groups if choices]


def name_of(metric: Metric) -> str:
    return localized(metric.name, language()) or metric.key
