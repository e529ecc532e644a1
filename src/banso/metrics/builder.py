"""The page that defines a metric, with a preview on the user's own data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from banso.base.fields import localized
from banso.base.models import User
from banso.core.definitions import load
from banso.core.metrics import DaysSince, Definition, Entered, stream_of
from banso.engagements.access import engagements
from banso.engagements.values import current_ids
from banso.metrics.actions import current_version
from banso.metrics.customer_values import CustomerLine
from banso.metrics.forms import OWN_UNIT, MetricForm, initial_of
from banso.metrics.models import Metric
from banso.metrics.sentences import both
from banso.metrics.shapes import STREAMS_WITH_EVENTS
from banso.metrics.sheet import MetricSheet
from banso.metrics.spread import Spread, spread
from banso.metrics.starter import event_names
from banso.metrics.values import measure
from banso.web.formats import language

LOOKED_AT = 300
FIRST = {"shape": "number", "stream": "events", "kind": "count", "days": 28, "offset": 0,
         "window": "days", "on": "every_day", "below_kind": "seats", "change": "ratio",
         "aggregate": "share", "seen": 90, "unit": "times", "direction": "up"}  # fmt: skip
WITHOUT_EVENTS = FIRST | {"shape": "entered", "unit": "points"}


@dataclass(frozen=True)
class Preview:
    """A definition on real data: its sentence in both languages, how values lie, and three
    customers: the one with most, the one in the middle, the one with least.

    `warning`: "" or a code: nobody (no value at all), nothing (no occurrence matched). Of very
    many customers a fixed part of `total` is looked at.
    """

    sentences: Mapping[str, str]
    as_of: date
    entered: bool
    spread: Spread
    total: int
    part: bool
    three: list[CustomerLine]
    warning: str


@dataclass(frozen=True)
class BuilderPage:
    uid: str
    name: str
    form: MetricForm
    preview: Preview | None
    unit: str

    def told(self, name: str) -> str:
        return self.form.told(name)

    @property
    def shape(self) -> str:
        return self.form.told_shape()

    @property
    def with_events(self) -> bool:
        return self.form.told_stream() in STREAMS_WITH_EVENTS

    @property
    def below(self) -> str:
        return self.told("below_kind") or "seats"

    @property
    def of_property(self) -> bool:
        return self.told("kind") in ("sum", "mean", "last")

    @property
    def below_of_property(self) -> bool:
        return self.below in ("sum", "mean", "last")

    @property
    def rolling(self) -> bool:
        return self.told("window") in ("", "days") or not self.has_window

    @property
    def has_window(self) -> bool:
        return self.told("kind") != "days_since"

    @property
    def shares(self) -> bool:
        return self.told("aggregate") == "share"

    @property
    def own_unit(self) -> bool:
        return self.told("unit") == OWN_UNIT


def form_for(
    metric: Metric | None, data: Mapping[str, Any] | None, today: date, *, preview: bool
) -> MetricForm:
    """The form of a new metric, or of an existing one as it stands now."""
    events = event_names(today)
    if metric is None:
        first = FIRST if events else WITHOUT_EVENTS
        return MetricForm(data, events=events, preview=preview, initial=first)
    sheet = sheet_of(metric)
    shown = FIRST | initial_of(sheet)
    return MetricForm(data, events=events, preview=preview, before=sheet.definition, initial=shown)


def builder_page(metric: Metric | None, form: MetricForm, user: User, today: date) -> BuilderPage:
    """The form, and what its definition gives on `today`."""
    meaning = form.meaning
    if meaning is None and not form.is_bound:
        meaning = form.before or meaning_of(form)
    name = localized(metric.name, language()) if metric else ""
    unit = form.told("own_unit") if form.told("unit") == OWN_UNIT else form.told("unit")
    preview = preview_of(meaning, user, preview_day(meaning, form, today)) if meaning else None
    return BuilderPage(metric.uid if metric else "", name, form, preview, unit)


def preview_of(meaning: Definition, user: User, as_of: date) -> Preview:
    """How the definition's values lie among the customers that `user` may read."""
    rows, part = looked_at(user, as_of)
    found = {} if isinstance(meaning, Entered) else values_of(meaning, [r[0] for r in rows], as_of)
    lines = [CustomerLine(uid, name, found.get(each)) for each, uid, name in rows]
    known = sorted((line for line in lines if line.value is not None), key=value_of)
    return Preview(
        sentences=both(meaning),
        as_of=as_of,
        entered=isinstance(meaning, Entered),
        spread=spread([value_of(line) for line in known]),
        total=len(lines),
        part=part,
        three=three_of(known),
        warning=warning_of(meaning, [value_of(line) for line in known]),
    )


def looked_at(user: User, as_of: date) -> tuple[list[tuple[int, str, str]], bool]:
    """(id, uid, name) of the current customers that the user may read, a fixed part of very many:
    addresses are random, so that the first by address are a fair one."""
    rows = engagements(user).order_by("uid").values_list("id", "uid", "party__name")
    found = list(rows[: 4 * LOOKED_AT])
    current = current_ids(as_of, [each for each, _, _ in found])
    chosen = [row for row in found if row[0] in current]
    return chosen[:LOOKED_AT], len(found) == 4 * LOOKED_AT or len(chosen) > LOOKED_AT


def values_of(meaning: Definition, ids: Sequence[int], as_of: date) -> dict[int, float | None]:
    found = measure({"preview": meaning}, [(each, as_of) for each in ids])
    return {each: values["preview"] for (each, _), values in found.items()}


def three_of(ascending: Sequence[CustomerLine]) -> list[CustomerLine]:
    """The highest, the middle and the lowest; fewer of fewer."""
    last = len(ascending) - 1
    places = dict.fromkeys([last, last // 2, 0]) if ascending else {}
    return [ascending[place] for place in places]


def value_of(line: CustomerLine) -> float:
    return line.value or 0.0


def warning_of(meaning: Definition, values: list[float]) -> str:
    """Why the preview may not be what was meant."""
    if isinstance(meaning, Entered):
        return ""
    if not values:
        return "nobody"
    empty = float(meaning.days) if isinstance(meaning, DaysSince) else 0.0
    return "nothing" if all(value == empty for value in values) else ""


def preview_day(meaning: Definition, form: MetricForm, today: date) -> date:
    """Today, or the last day with usage where that lies behind: old data previews as it was."""
    last = max((each.last_day for each in form.events), default=today)
    return min(today, last) if stream_of(meaning) == "events" else today


def meaning_of(form: MetricForm) -> Definition | None:
    """The definition that an untouched form begins with."""
    shown = MetricForm(form.initial, events=form.events, preview=True)
    shown.is_valid()
    return shown.meaning


def sheet_of(metric: Metric) -> MetricSheet:
    """The metric as it is now."""
    meaning = load(current_version(metric).definition)
    return MetricSheet(metric.name, metric.sentence, metric.unit, metric.higher_is_better, meaning)
