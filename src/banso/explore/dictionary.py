"""The events and their properties that are known: what they are, how many came, what uses them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404

from banso.base.fields import localized
from banso.core.definitions import load
from banso.core.metrics import Definition, Stream, events_of, parts
from banso.engine.volumes import Volume
from banso.events.lake import own_source
from banso.events.models import EventNote, SeenEvent, Source
from banso.events.volumes import SHOWN_DAYS, volumes
from banso.events.wording import source_name
from banso.explore.subjects import ACT, EVENT
from banso.metrics.acts import act_name
from banso.metrics.models import Metric, MetricVersion
from banso.metrics.sentences import capitalized
from banso.web.formats import language
from banso.web.tables import TableState

PER_PAGE = 50
SORTABLE = ("recent", "name", "last")
type Key = tuple[Stream, str]


@dataclass
class Known:
    """An event as all its sources tell it together."""

    stream: Stream
    name: str
    first: date
    last: date
    rows: int = 0
    days: dict[date, int] = field(default_factory=dict)
    sources: set[int] = field(default_factory=set)

    def add(self, source: int, first: date, last: date) -> None:
        self.first, self.last = min(self.first, first), max(self.last, last)
        self.sources.add(source)

    @property
    def uid(self) -> str:
        """Its name in addresses, which the event's own may not fit."""
        return uid_of(self.stream, self.name)


@dataclass(frozen=True)
class EventLine:
    """One event of the list. `code` is what Explore calls it, `days` its last 30."""

    uid: str
    code: str
    name: str
    shown: str
    description: str
    hidden: bool
    rows: int
    recent: int
    days: list[float | None]
    first: date
    last: date
    sources: list[str]
    metrics: list[Metric]


@dataclass(frozen=True)
class EventsPage:
    """`which`: events, acts or hidden; `counts` says how many there are of each."""

    which: str
    counts: Mapping[str, int]
    state: TableState
    listed: Page[EventLine]

    @property
    def of_events(self) -> bool:
        return self.which == "events"

    @property
    def of_acts(self) -> bool:
        return self.which == "acts"

    @property
    def of_hidden(self) -> bool:
        return self.which == "hidden"


def uid_of(stream: Stream, name: str) -> str:
    return sha256(f"{stream}\n{name}".encode()).hexdigest()[:16]


def known_events(today: date) -> tuple[dict[Key, Known], Mapping[Path, list[Volume]]]:
    """Every event that is in the lake or was once received, and the parts that were counted."""
    own, counted = own_source(), volumes(today)
    found: dict[Key, Known] = {}

    def at(source: int, name: str, first: date, last: date) -> Known:
        stream: Stream = "acts" if source == own else "events"
        known = found.setdefault((stream, name), Known(stream, name, first, last))
        known.add(source, first, last)
        return known

    for each in (volume for part in counted.values() for volume in part):
        known = at(each.source, each.event, each.first, each.last)
        known.rows += each.rows
        for day, rows in each.days.items():
            known.days[day] = known.days.get(day, 0) + rows
    for seen in SeenEvent.objects.values_list("source_id", "name", "first_on", "last_on"):
        at(*seen)
    return {key: each for key, each in found.items() if is_told(each)}, counted


def is_told(event: Known) -> bool:
    """Of our own acts only those about a customer have a meaning for others."""
    return event.stream == "events" or bool(act_name(event.name))


def event_or_404(today: date, uid: str) -> tuple[Known, Mapping[Path, list[Volume]]]:
    found, counted = known_events(today)
    event = next((each for each in found.values() if each.uid == uid), None)
    if event is None:
        raise Http404
    return event, counted


def events_page(today: date, state: TableState) -> EventsPage:
    """The events of a kind whose name or description holds the words, as the state sorts them."""
    found, _ = known_events(today)
    lines = [*lines_of(found.values(), today)]
    groups = {
        "events": [each for each in lines if each.code.startswith(EVENT) and not each.hidden],
        "acts": [each for each in lines if each.code.startswith(ACT) and not each.hidden],
        "hidden": [each for each in lines if each.hidden],
    }
    which = dict(state.filters).get("which", "")
    chosen = which if which in groups else "events"
    told = in_order([each for each in groups[chosen] if holds(each, state.q)], state)
    return EventsPage(
        which=chosen,
        counts={name: len(group) for name, group in groups.items()},
        state=state,
        listed=Paginator(told, PER_PAGE).get_page(state.page),
    )


def in_order(lines: list[EventLine], state: TableState) -> list[EventLine]:
    """Sorted as the state says; of equal ones those that came most, then by name."""
    lines.sort(key=lambda each: (-each.recent, -each.rows, each.shown))
    by: dict[str, Callable[[EventLine], Any]] = {
        "recent": lambda each: each.recent,
        "name": lambda each: each.shown.casefold(),
        "last": lambda each: each.last,
    }
    lines.sort(key=by[state.key], reverse=state.descending)
    return lines


def holds(line: EventLine, query: str) -> bool:
    folded = query.strip().casefold()
    return any(folded in text.casefold() for text in (line.name, line.shown, line.description))


def lines_of(found: Iterable[Known], today: date) -> Iterable[EventLine]:
    notes = {(each.stream, each.name): each for each in EventNote.objects.all()}
    sources, using = source_names(), metrics_by_event()
    for each in found:
        key = (each.stream, each.name)
        yield line_of(each, notes.get(key), sources, using.get(key, []), today)


def source_names() -> dict[int, str]:
    rows = Source.objects.values_list("pk", "key", "name")
    return {pk: source_name(key, name) for pk, key, name in rows}


def line_of(
    each: Known,
    note: EventNote | None,
    sources: Mapping[int, str],
    metrics: list[Metric],
    today: date,
) -> EventLine:
    days = [today - timedelta(back) for back in range(SHOWN_DAYS - 1, -1, -1)]
    recent = [each.days.get(day, 0) for day in days]
    acts = each.stream == "acts"
    return EventLine(
        uid=each.uid,
        code=f"{ACT if acts else EVENT}{each.name}",
        name=each.name,
        shown=capitalized(act_name(each.name)) if acts else each.name,
        description=localized(note.description, language()) if note else "",
        hidden=bool(note and note.hidden),
        rows=each.rows,
        recent=sum(recent),
        days=list(recent),
        first=each.first,
        last=each.last,
        sources=sorted(sources[pk] for pk in each.sources if pk in sources),
        metrics=metrics,
    )


def metrics_by_event() -> dict[Key, list[Metric]]:
    """The metrics in use that name an event, by the event."""
    found: dict[Key, list[Metric]] = defaultdict(list)
    for metric, meaning in meanings():
        asked: dict[Key, None] = {}
        for part in parts(meaning):
            asked |= {(part.stream, name): None for name in events_of(part.event)}
        for key in asked:
            found[key].append(metric)
    return found


def meanings() -> list[tuple[Metric, Definition]]:
    """What each metric in use means now."""
    rows = MetricVersion.objects.filter(proposed=False, metric__retired_at=None)
    latest: dict[int, MetricVersion] = {}
    for row in rows.select_related("metric").order_by("metric_id", "number"):
        latest[row.metric_id] = row
    return [(row.metric, load(row.definition)) for row in latest.values()]
