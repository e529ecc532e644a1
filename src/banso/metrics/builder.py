"""The page that defines a metric, with a preview on the user's own data."""

from collections.abc import Mapping
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
from banso.metrics.forms import OWN_UNIT, MetricForm, initial_of
from banso.metrics.models import Metric
from banso.metrics.pages import CustomerLine
from banso.metrics.sentences import both
from banso.metrics.sheet import MetricSheet
from banso.metrics.spread import Spread, spread
from banso.metrics.starter import event_names
from banso.metrics.values import measure
from banso.web.formats import language

ENDS = 5
FIRST = {"shape": "number", "stream": "events", "kind": "count", "days": 28, "offset": 0,
         "below_kind": "seats", "unit": "times", "direction": "up"}  # fmt: skip
WITHOUT_EVENTS = FIRST | {"shape": "entered", "unit": "points"}


@dataclass(frozen=True)
class Preview:
    """A definition on real data: its sentence in both languages, how values lie, both ends.

    `warning`: "" or a code: nobody (no value at all), nothing (no occurrence matched).
    """

    sentences: Mapping[str, str]
    as_of: date
    entered: bool
    spread: Spread
    total: int
    top: list[CustomerLine]
    bottom: list[CustomerLine]
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
        return self.told("shape")

    @property
    def over_events(self) -> bool:
        return self.told("stream") in ("", "events")

    @property
    def below(self) -> str:
        return self.told("below_kind") or "seats"

    @property
    def sums_above(self) -> bool:
        return self.told("kind") == "sum"

    @property
    def has_offset(self) -> bool:
        return self.told("kind") != "days_since"

    @property
    def own_unit(self) -> bool:
        return self.told("unit") == OWN_UNIT


def form_for(
    metric: Metric | None, data: Mapping[str, Any] | None, today: date, *, preview: bool
) -> MetricForm:
    """The form of a new metric, or of an existing one as it stands now."""
    if metric is None:
        events = event_names(today)
        first = FIRST if events else WITHOUT_EVENTS
        return MetricForm(data, events=events, preview=preview, initial=first)
    sheet = sheet_of(metric)
    return MetricForm(
        data,
        events=event_names(today),
        preview=preview,
        entered=isinstance(sheet.definition, Entered),
        initial=FIRST | initial_of(sheet),
    )


def builder_page(metric: Metric | None, form: MetricForm, user: User, today: date) -> BuilderPage:
    """The form, and what its definition gives on `today`."""
    meaning = form.meaning
    if meaning is None and not form.is_bound:
        meaning = meaning_of(form)
    name = localized(metric.name, language()) if metric else ""
    unit = form.told("own_unit") if form.told("unit") == OWN_UNIT else form.told("unit")
    preview = preview_of(meaning, user, preview_day(meaning, form, today)) if meaning else None
    return BuilderPage(metric.uid if metric else "", name, form, preview, unit)


def preview_of(meaning: Definition, user: User, as_of: date) -> Preview:
    """How the definition's values lie among the customers that `user` may read."""
    current = current_ids(as_of)
    found = {} if isinstance(meaning, Entered) else values_of(meaning, current, as_of)
    names = engagements(user).order_by("party__name", "id").values_list("id", "uid", "party__name")
    rows = [
        CustomerLine(uid, name, found.get(each)) for each, uid, name in names if each in current
    ]
    known = sorted((row for row in rows if row.value is not None), key=lambda r: r.value or 0.0)
    return Preview(
        sentences=both(meaning),
        as_of=as_of,
        entered=isinstance(meaning, Entered),
        spread=spread([row.value for row in known if row.value is not None]),
        total=len(rows),
        top=known[::-1][:ENDS],
        bottom=known[: max(0, min(ENDS, len(known) - ENDS))],
        warning=warning_of(meaning, [row.value for row in known if row.value is not None]),
    )


def values_of(meaning: Definition, ids: set[int], as_of: date) -> dict[int, float | None]:
    found = measure({"preview": meaning}, [(each, as_of) for each in ids])
    return {each: values["preview"] for (each, _), values in found.items()}


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
