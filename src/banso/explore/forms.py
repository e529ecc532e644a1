"""The question as it stands in the address, and the kind words when it cannot be taken."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from banso.base.workspace import EARLIEST
from banso.core.conditions import All, Condition
from banso.core.periods import Grain, Period, back, periods
from banso.engagements.forms import day_field
from banso.engine.discover import EventName
from banso.explore.splits import splits_offered
from banso.explore.subjects import ACT, EVENT, Subject, subject_of, subjects_offered
from banso.metrics.condition_form import ConditionForm
from banso.metrics.forms import NumberField
from banso.metrics.models import Metric
from banso.metrics.offers import fields_offered, numbers_offered

OF_EVENTS = [
    ("count", _("How often it happened")),
    ("people", _("How many different people")),
    ("customers", _("How many different customers")),
    ("sum", _("Sum of a property")),
    ("mean", _("Mean of a property")),
]
OF_METRICS = [
    ("median", _("The middle value")),
    ("mean", _("The mean")),
    ("share", _("The share of customers with at least so much")),
]
GRAINS = [
    ("day", pgettext_lazy("explore", "Day")),
    ("week", pgettext_lazy("explore", "Week")),
    ("month", pgettext_lazy("explore", "Month")),
]
RANGES: dict[str, tuple[Grain, int]] = {
    "4w": ("week", 4),
    "13w": ("week", 13),
    "26w": ("week", 26),
    "12m": ("month", 12),
}
RANGE_WORDS = [
    ("4w", _("The last 4 weeks")),
    ("13w", _("The last 13 weeks")),
    ("26w", _("The last 26 weeks")),
    ("12m", _("The last 12 months")),
    ("own", _("From … to …")),
]
FIRST = {"grain": "week", "range": "13w", "split": ""}
MOST_PERIODS = 400
CONDITIONS = "conditions"
NAMES = ("of", "measure", "property", "at_least", "grain", "range", "since", "until", "split")


class SubjectField(forms.ChoiceField):
    """An event or a metric; an event that nobody has seen lately stays."""

    def valid_value(self, value: str) -> bool:
        return super().valid_value(value) or value.startswith((EVENT, ACT))


class ExploreForm(forms.Form):
    """What is asked. `last` is the last day there is data of: a range that is not typed ends
    there. `conditions` narrows events down; `known` are those of the stream looked at."""

    of = SubjectField(label=pgettext_lazy("explore", "What"))
    measure = forms.ChoiceField(label=_("Told as"))
    property = forms.ChoiceField(label=_("Property"), required=False)
    at_least = NumberField(label=_("At least how much"), max_length=40, required=False)
    grain = forms.ChoiceField(label=pgettext_lazy("explore", "By"), choices=GRAINS)
    range = forms.ChoiceField(label=pgettext_lazy("explore", "When"), choices=RANGE_WORDS)
    since = day_field(pgettext_lazy("explore", "From"), required=False)
    until = day_field(pgettext_lazy("explore", "To"), required=False)
    split = forms.ChoiceField(label=_("Split by"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        events: Sequence[EventName],
        acts: Sequence[EventName],
        metrics: Sequence[Metric],
    ) -> None:
        self.events, self.acts, self.metrics = events, acts, metrics
        offered = subjects_offered(events, acts, metrics)
        self.subject = subject_of(str(data.get("of") or first_of(offered)), metrics)
        self.known = acts if self.subject.stream == "acts" else events
        self.query = fitting(data, self.subject, first_of(offered))
        super().__init__(self.query)
        choose(self, "of", with_kept(offered, self.subject))
        choose(self, "measure", OF_METRICS if self.subject.metric else OF_EVENTS)
        choose(self, "property", [("", _("Choose a property")), *self.numbers()])
        fields = fields_offered(self.subject.stream, events, self.subject.names)
        choose(self, "split", splits_offered(self.subject, [field.key for field in fields]))
        self.conditions = ConditionForm(self.query, fields=fields, prefix=CONDITIONS, method="get")
        self.condition: Condition | None = None

    def numbers(self) -> list[tuple[str, str]]:
        kept = str(self.query.get("property") or "")
        found = numbers_offered(self.subject.stream, self.events, self.subject.names, kept)
        return [(name, name) for name in found]

    def told(self, name: str) -> str:
        return str(self.query.get(name) or "")

    def asks(self) -> bool:
        """Whether any condition is chosen."""
        rows = [row for group in self.conditions.groups for row in group.rows]
        return self.subject.metric is None and any(row.field for row in rows)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        of_property = not self.subject.metric and cleaned.get("measure") in ("sum", "mean")
        if of_property and not cleaned.get("property"):
            self.add_error("property", _("Choose the property."))
        if cleaned.get("measure") == "share" and cleaned.get("at_least") is None:
            self.add_error("at_least", _("Write a number such as 12.5."))
        if not self.subject.metric:
            self.narrow()
        self.check_range(cleaned)
        return cleaned

    def narrow(self) -> None:
        if not self.conditions.is_valid():
            self.add_error(None, _("Mend the condition that is marked."))
        elif self.conditions.condition != All():
            self.condition = self.conditions.condition

    def check_range(self, cleaned: Mapping[str, Any]) -> None:
        since, until = cleaned.get("since"), cleaned.get("until")
        if cleaned.get("range") != "own" or self.errors:
            return
        if not since:
            self.add_error("since", _("Write a date such as 2026-04-30."))
        elif until and since > until:
            self.add_error("until", _("The first day lies after the last."))

    def periods(self, today: date, last: date) -> list[Period]:
        """The periods of a valid form, the latest of very many; a range that is not typed ends
        on `last`, the day up to which something is known."""
        grain: Grain = self.cleaned_data["grain"]
        if self.cleaned_data["range"] == "own":
            until = min(self.cleaned_data["until"] or today, today)
            since = max(self.cleaned_data["since"], EARLIEST)
        else:
            until, (unit, number) = last, RANGES[self.cleaned_data["range"]]
            since = back(unit, until, number - 1)
        return periods(grain, since, until, today=today)[-MOST_PERIODS:]


def fitting(data: Mapping[str, Any], subject: Subject, first: str) -> QueryDict:
    """The data with what stands where nothing is said, and a measure that the subject knows."""
    fitted = data.copy() if isinstance(data, QueryDict) else QueryDict(mutable=True)
    for name, value in (FIRST | {"of": first}).items():
        fitted.setdefault(name, value)
    known = [code for code, _label in (OF_METRICS if subject.metric else OF_EVENTS)]
    other = [code for code, _label in (OF_EVENTS if subject.metric else OF_METRICS)]
    if fitted.get("measure", "") in {"", *other} - set(known):
        fitted["measure"] = known[0]
    return fitted


def first_of(offered: Sequence[tuple[Any, Any]]) -> str:
    """The first that can be asked for; "" where there is nothing."""
    return str(offered[0][1][0][0]) if offered else ""


def with_kept(offered: Sequence[tuple[Any, Any]], subject: Subject) -> list[tuple[Any, Any]]:
    """The choices with an event that is asked for but was not seen lately."""
    known = {code for _label, choices in offered for code, _name in choices}
    kept = subject.metric is None and subject.names and subject.code not in known
    return [*offered, *([(subject.code, subject.names[0])] if kept else [])]


def choose(form: forms.Form, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def query_of(form: ExploreForm) -> str:
    """The question as an address, without what it does not need."""
    told = [
        (name, value)
        for name, values in form.query.lists()
        for value in values
        if needed(form, name) and value
    ]
    return urlencode(told)


def needed(form: ExploreForm, name: str) -> bool:
    if name.startswith(f"{CONDITIONS}-"):
        return name != f"{CONDITIONS}-act" and form.asks()
    if name in ("since", "until"):
        return form.told("range") == "own"
    return name in NAMES
