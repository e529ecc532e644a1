"""What people type about metrics, and the kind words when it cannot be taken."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from banso.core.conditions import All, Condition, fields_of
from banso.core.definitions import LONGEST_WINDOW_DAYS, load
from banso.core.metrics import Definition, Entered, parts
from banso.core.parsing import Problem, parse_number, parse_whole
from banso.engine.discover import EventName
from banso.metrics.condition_form import ConditionForm, TooDeep
from banso.metrics.fields import Field
from banso.metrics.offers import events_offered, fields_offered, numbers_offered
from banso.metrics.shapes import (
    AGGREGATES,
    BELOW_KINDS,
    CHANGES,
    DAY_KINDS,
    DIRECTIONS,
    KINDS,
    KINDS_OF_SHAPE,
    OWN_UNIT,
    SHAPES,
    STREAMS,
    WINDOWS,
    definition_of,
    initial_of,
)
from banso.metrics.sheet import MetricSheet
from banso.metrics.wording import UNITS, unit_name
from banso.web.formats import language

__all__ = ["OWN_UNIT", "MetricForm", "initial_of"]


class WholeField(forms.CharField):
    """A whole number from `low` up, in any width of digits."""

    def __init__(self, *, low: int, **options: Any) -> None:
        super().__init__(**options)
        self.low = low
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def clean(self, value: object) -> int | None:
        found = parse_whole(super().clean(value))
        if isinstance(found, Problem):
            raise forms.ValidationError(_("Write a whole number such as 28."))
        if found is not None and not self.low <= found <= LONGEST_WINDOW_DAYS:
            words = {"low": self.low, "high": LONGEST_WINDOW_DAYS}
            raise forms.ValidationError(gettext("Write a number from %(low)s to %(high)s.") % words)
        return found


class NumberField(forms.CharField):
    """A number in any width of digits."""

    def clean(self, value: object) -> float | None:
        found = parse_number(super().clean(value))
        if isinstance(found, Problem):
            raise forms.ValidationError(_("Write a number such as 12.5."))
        return found


class EventsField(forms.MultipleChoiceField):
    """Any number of event names; none means any."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value: Any) -> list[str]:
        return [each for each in several(value) if each]

    def valid_value(self, value: str) -> bool:
        return bool(value.strip())


class NameField(forms.CharField):
    """A metric's name; the reader's own language needs one."""

    def __init__(self, **options: Any) -> None:
        missing = {"required": _("Give the metric a name.")}
        super().__init__(max_length=80, required=False, error_messages=missing, **options)


class MetricForm(forms.Form):
    """A metric: its words and its definition. `preview` forgives what has no name yet.

    `conditions` and `below_conditions` are the condition builders of the two sides.
    """

    name_ja = NameField(label=_("Name in Japanese"))
    name_en = NameField(label=_("Name in English"))
    sentence_ja = forms.CharField(
        label=_("What it tells, in Japanese"), max_length=300, required=False
    )
    sentence_en = forms.CharField(
        label=_("What it tells, in English"), max_length=300, required=False
    )
    shape = forms.ChoiceField(
        label=_("Where the value comes from"), choices=SHAPES, widget=forms.RadioSelect
    )
    stream = forms.ChoiceField(label=_("Counted over"), choices=STREAMS, required=False)
    kind = forms.ChoiceField(label=_("What is counted"), choices=KINDS, required=False)
    event = EventsField(label=_("Events (none chosen: any)"), required=False)
    property = forms.ChoiceField(label=_("Property"), required=False)
    window = forms.ChoiceField(label=_("In which window"), choices=WINDOWS, required=False)
    days = WholeField(label=_("Over how many days"), low=1, required=False)
    on = forms.ChoiceField(label=_("On which days"), choices=DAY_KINDS, required=False)
    offset = WholeField(
        label=_("Ending how many days ago"),
        low=0,
        required=False,
        help_text=_("0: up to today. 28 compares with the weeks before."),
    )
    below_kind = forms.ChoiceField(label=_("Divided by"), choices=BELOW_KINDS, required=False)
    below_event = EventsField(label=_("Events below (none chosen: any)"), required=False)
    below_property = forms.ChoiceField(label=_("Property below"), required=False)
    below_days = WholeField(label=_("Over how many days, below"), low=1, required=False)
    change = forms.ChoiceField(
        label=_("Compared how"), choices=CHANGES, widget=forms.RadioSelect, required=False
    )
    aggregate = forms.ChoiceField(label=_("Of all people"), choices=AGGREGATES, required=False)
    at_least = NumberField(label=_("At least how much"), max_length=40, required=False)
    seen = WholeField(
        label=_("Among the people seen in how many days"), low=1, required=False, initial=90
    )
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    own_unit = forms.CharField(label=_("Own unit"), max_length=20, required=False)
    direction = forms.ChoiceField(label=_("Which way is better"), choices=DIRECTIONS)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        events: Sequence[EventName],
        preview: bool = False,
        before: Definition | None = None,
        **options: Any,
    ) -> None:
        super().__init__(fitting(data), **options)
        self.events, self.preview, self.before = events, preview, before
        self.meaning: Definition | None = None
        self.kept: dict[str, Condition | None] = {}
        offer(self, "unit", [*((u, unit_name(u)) for u in UNITS), (OWN_UNIT, _("Own unit"))])
        offer(
            self, "kind", [each for each in KINDS if each[0] in KINDS_OF_SHAPE[self.told_shape()]]
        )
        for prefix in ("", "below_"):
            offer(self, f"{prefix}event", self.events_of(prefix))
            offer(self, f"{prefix}property", self.properties_of(prefix))
        wheres = [part.where for part in parts(before)] if before else []
        self.conditions = self.builder("conditions", "", wheres[0] if wheres else None)
        below = wheres[1] if len(wheres) > 1 else None
        self.below_conditions = self.builder("below_conditions", "below_", below)
        for name in self.needed():
            self.fields[name].required = True

    def told_shape(self) -> str:
        told = self.told("shape")
        return told if told in KINDS_OF_SHAPE else "number"

    def told_stream(self) -> str:
        return self.told("stream") or "events"

    def acted(self) -> bool:
        """Whether only a condition builder was asked to change."""
        return self.conditions.acted or self.below_conditions.acted

    def builder(self, prefix: str, side: str, where: Condition | None) -> ConditionForm:
        known = fields_offered(self.told_stream(), self.events, self.chosen(side))
        unseen = fields_of(where or All()) - {field.key for field in known}
        fields = [*known, *(Field(name, name, "text") for name in sorted(unseen))]
        data = self.data if self.is_bound else None
        try:
            return ConditionForm(data, fields=fields, condition=where, prefix=prefix)
        except TooDeep:  # written by a program: what the form cannot show is kept as it is
            self.kept[prefix] = where
            return ConditionForm(data, fields=fields, prefix=prefix)

    def needed(self) -> list[str]:
        """The fields that the chosen shape cannot do without."""
        counted: list[str] = {
            "entered": [],
            "ratio": ["stream", "kind", "below_kind"],
            "per_person": ["stream", "kind", "aggregate"],
        }.get(self.told_shape(), ["stream", "kind"])
        rolling = self.told("window") in ("", "days") and self.told_shape() != "entered"
        return [f"name_{language()}", "unit", *counted, *(["days"] if rolling else [])]

    def told(self, name: str) -> str:
        """What the field holds now: typed, else what it began with."""
        return str(self[name].value() or "")

    def chosen(self, prefix: str) -> list[str]:
        return [each for each in several(self[f"{prefix}event"].value()) if each]

    def events_of(self, prefix: str) -> Sequence[tuple[str, Any]]:
        return events_offered(self.told_stream(), self.events, self.chosen(prefix))

    def properties_of(self, prefix: str) -> list[tuple[str, Any]]:
        kept = self.told(f"{prefix}property")
        names = numbers_offered(self.told_stream(), self.events, self.chosen(prefix), kept)
        return [("", _("Choose a property")), *((name, name) for name in names)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.preview:
            self.errors.pop(f"name_{language()}", None)
        if cleaned.get("unit") == OWN_UNIT and not cleaned.get("own_unit") and not self.preview:
            self.add_error("own_unit", _("Write the unit."))
        if self.before and isinstance(self.before, Entered) != (cleaned.get("shape") == "entered"):
            self.add_error("shape", _("Typed and computed values are two metrics: make a new one."))
        if not self.errors:
            self.define(cleaned)
        return cleaned

    def define(self, cleaned: dict[str, Any]) -> None:
        for prefix in ("", "below_") if cleaned["shape"] == "ratio" else ("",):
            wanted = cleaned["shape"] != "entered" and cleaned.get(f"{prefix}kind") in OF_PROPERTY
            if wanted and not cleaned.get(f"{prefix}property"):
                self.add_error(f"{prefix}property", _("Choose the property."))
        share = cleaned["shape"] == "per_person" and cleaned.get("aggregate") == "share"
        if share and cleaned.get("at_least") is None:
            self.add_error("at_least", _("Write a number such as 12.5."))
        builders = {"where": self.conditions, "below_where": self.below_conditions}
        if not all(builder.is_valid() for builder in builders.values()):
            self.add_error(None, _("Mend the condition that is marked."))
        if not self.errors:
            wheres = {
                name: asked(each.condition) or self.kept.get(each.prefix)
                for name, each in builders.items()
            }
            self.meaning = load(definition_of(cleaned | wheres))

    def sheet(self) -> MetricSheet:
        """The metric of a valid form."""
        told, meaning = self.cleaned_data, self.meaning
        assert meaning is not None
        own = told["unit"] == OWN_UNIT
        return MetricSheet(
            name={"ja": told["name_ja"], "en": told["name_en"]},
            sentence={"ja": told["sentence_ja"], "en": told["sentence_en"]},
            unit=told["own_unit"] if own else told["unit"] or "none",
            higher_is_better=told["direction"] == "up",
            definition=meaning,
        )


OF_PROPERTY = ("sum", "mean", "last")


def fitting(data: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The data with what a shape chosen just now needs: a kind that it knows, and the choices
    that were not on the page before."""
    if data is None:
        return None
    fitted = data.copy() if isinstance(data, QueryDict) else dict(data)
    for name, first in UNSEEN.items():
        fitted.setdefault(name, first)
    kind, fit = fitted.get("kind", ""), KINDS_OF_SHAPE.get(fitted.get("shape", ""), set())
    if kind in KINDS_OF_SHAPE["number"] - fit:
        fitted["kind"] = "count"
    return fitted


UNSEEN = {"change": "ratio", "aggregate": "share", "seen": "90", "below_kind": "seats"}


def asked(condition: Condition) -> Condition | None:
    """None where a condition asks for nothing."""
    return None if condition == All() else condition


def several(value: object) -> list[str]:
    if isinstance(value, list | tuple):
        return [str(each) for each in value]
    return [] if value is None else [str(value)]


def offer(form: forms.Form, name: str, choices: Sequence[tuple[str, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
