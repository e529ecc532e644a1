"""One event: its days, its properties with their types and examples, the metrics that use it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from banso.base.fields import localized
from banso.base.models import Role, User
from banso.base.roles import MANAGERS, WRITERS
from banso.core.conditions import fields_of
from banso.core.metrics import LastOf, MeanOf, Stream, SumOf, events_of, parts
from banso.core.personal import is_personal
from banso.engagements.access import hidden_from
from banso.engine.volumes import MOST_LOOKED_AT, Held, Volume, held_by
from banso.events.lake import own_source
from banso.events.models import EventNote, ExternalId, PropertyNote, SeenProperty
from banso.events.volumes import SHOWN_DAYS, latest_with
from banso.explore.as_metric import WINDOW, metric_fields
from banso.explore.dictionary import (
    EventLine,
    Known,
    event_or_404,
    line_of,
    meanings,
    metrics_by_event,
    source_names,
)
from banso.explore.dictionary_forms import EventForm, PropertyForm
from banso.explore.subjects import Subject
from banso.metrics.models import Metric
from banso.web.charts import Point
from banso.web.formats import language


@dataclass(frozen=True)
class PropertyLine:
    """A property of the event: in which share of the rows looked at, of which types. `texts` and
    the ends of its numbers are left out where it is `personal`; `metrics` keep it as a column."""

    name: str
    share: float | None
    kinds: list[str]
    texts: list[str]
    low: float | None
    high: float | None
    personal: bool
    description: str
    hidden: bool
    metrics: list[Metric]
    form: PropertyForm | None


@dataclass(frozen=True)
class EventPage:
    """`looked_at`: of how many rows the properties were read; `metric` makes one of it."""

    line: EventLine
    points: list[Point]
    properties: list[PropertyLine]
    looked_at: int
    form: EventForm | None
    metric: Sequence[tuple[str, str]]
    may_write: bool
    may_hide: bool


def event_page(user: User, role: Role, today: date, uid: str) -> EventPage:
    """What is known of an event."""
    event, counted = event_or_404(today, uid)
    note = EventNote.objects.filter(stream=event.stream, name=event.name).first()
    sources, using = source_names(), metrics_by_event()
    line = line_of(event, note, sources, using.get((event.stream, event.name), []), today)
    held, may_write = held_of(event, counted, user), role in WRITERS
    days = [today - timedelta(back) for back in range(SHOWN_DAYS - 1, -1, -1)]
    subject = Subject(line.code, (event.name,), stream=event.stream)
    return EventPage(
        line=line,
        points=[Point(day, float(event.days.get(day, 0))) for day in days],
        properties=properties_of(event, held, note, may_write=may_write),
        looked_at=max((each.looked_at for each in held), default=0),
        form=EventForm(initial=words_of(note)) if may_write else None,
        metric=metric_fields(subject, "count", "", WINDOW["month"]) if role in MANAGERS else [],
        may_write=may_write,
        may_hide=role in MANAGERS,
    )


def held_of(event: Known, counted: Mapping[Path, list[Volume]], user: User) -> list[Held]:
    """What its latest rows hold, without those of customers that the user may not read."""
    hidden = ExternalId.objects.filter(
        kind=ExternalId.Kind.ACCOUNT, engagement__in=hidden_from(user)
    )
    files = latest_with(event.name, counted, MOST_LOOKED_AT)
    accounts = set(hidden.values_list("source_id", "value"))
    return held_by(event.name, files, event.stream, own_source(), accounts)


def properties_of(
    event: Known, held: Sequence[Held], note: EventNote | None, *, may_write: bool
) -> list[PropertyLine]:
    """The properties found now, then those that were seen before."""
    notes = {each.name: each for each in note.properties.all()} if note else {}
    using = metrics_by_property(event.stream, event.name)
    found = {each.name: each for each in held}
    seen = SeenProperty.objects.filter(event__name=event.name, event__source__in=event.sources)
    kinds: dict[str, set[str]] = {each.name: set(each.kinds) for each in held}
    for name, told in seen.values_list("name", "kinds"):
        kinds.setdefault(name, set()).update(told)
    return [
        property_line(
            SeenProperty(name=name, kinds=sorted(kinds[name])),
            found.get(name),
            notes.get(name),
            using.get(name, []),
            may_write=may_write,
        )
        for name in [*found, *sorted(kinds.keys() - found.keys())]
    ]


def property_line(
    seen: SeenProperty,
    held: Held | None,
    note: PropertyNote | None,
    metrics: list[Metric],
    *,
    may_write: bool,
) -> PropertyLine:
    texts = held.texts if held else ()
    told = note.personal if note else None
    guessed = seen.kinds != ["boolean"] and is_personal(seen.name, texts)
    personal = guessed if told is None else told
    shown = None if personal else held
    form = PropertyForm(initial=words_of(note) | {"name": seen.name}, auto_id=False)
    return PropertyLine(
        name=seen.name,
        share=held.share if held else None,
        kinds=seen.kinds,
        texts=list(shown.texts) if shown else [],
        low=shown.low if shown else None,
        high=shown.high if shown else None,
        personal=personal,
        description=localized(note.description, language()) if note else "",
        hidden=bool(note and note.hidden),
        metrics=metrics,
        form=form if may_write else None,
    )


def words_of(note: EventNote | PropertyNote | None) -> dict[str, object]:
    """What the forms show of a note."""
    if note is None:
        return {}
    words: dict[str, object] = {f"description_{k}": text for k, text in note.description.items()}
    if isinstance(note, PropertyNote):
        words |= {"personal": PERSONAL[note.personal], "hidden": note.hidden}
    return words


PERSONAL = {None: "", True: "yes", False: "no"}


def metrics_by_property(stream: Stream, event: str) -> dict[str, list[Metric]]:
    """The metrics that ask for properties of an event, by the property."""
    found: dict[str, list[Metric]] = {}
    for metric, meaning in meanings():
        asked: dict[str, None] = {}
        for part in parts(meaning):
            names = events_of(part.event)
            if part.stream != stream or (names and event not in names):
                continue
            asked |= dict.fromkeys(fields_of(part.where) if part.where else ())
            asked |= {part.property: None} if isinstance(part, SumOf | MeanOf | LastOf) else {}
        for name in asked:
            found.setdefault(name, []).append(metric)
    return found
