"""What people type about metrics, and the kind words when it cannot be taken."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from banso.core.definitions import LONGEST_WINDOW_DAYS, dump, load
from banso.core.metrics import Definition
from banso.core.parsing import Problem, parse_whole
from banso.engine.discover import EventName
from banso.metrics.sheet import MetricSheet
from banso.metrics.wording import UNITS, unit_name
from banso.web.formats import language

SHAPES = [
    ("number", _("A number counted from data")),
    ("ratio", _("One number divided by another")),
    ("entered", _("Typed in by hand")),
]
KINDS = [
    ("count", _("How often it happened")),
    ("distinct_people", _("How many different people")),
    ("active_days", _("On how many days")),
    ("days_since", _("Days since it last happened")),
    ("sum", _("Sum of a property")),
]
STREAMS = [
    ("events", _("Product usage")),
    ("contacts", _("Contacts")),
    ("contracts", _("Contracts")),
]
DIRECTIONS = [("up", _("Higher is better")), ("down", _("Lower is better"))]
SEATS = ("seats", _("The contracted seats"))
OWN_UNIT = "own"
OF_STREAM = {"contacts": ["channel"], "contracts": ["annual", "monthly", "seats"]}


class WholeField(forms.CharField):
    """A whole number from `low` up, in any width of digits."""

    def __init__(self, *, low: int, **options: Any) -> None:
        super().__init__(**options)
        self.low = low
        self.widget.attrs["inputmode"] = "numeric"

    def clean(self, value: object) -> int | None:
        found = parse_whole(super().clean(value))
        if isinstance(found, Problem):
            raise forms.ValidationError(_("Write a whole number such as 28."))
        if found is not None and not self.low <= found <= LONGEST_WINDOW_DAYS:
            words = {"low": self.low, "high": LONGEST_WINDOW_DAYS}
            raise forms.ValidationError(gettext("Write a number from %(low)s to %(high)s.") % words)
        return found


class NameField(forms.CharField):
    """A metric's name; the reader's own language needs one."""

    def __init__(self, **options: Any) -> None:
        missing = {"required": _("Give the metric a name.")}
        super().__init__(max_length=80, required=False, error_messages=missing, **options)


class MetricForm(forms.Form):
    """A metric: its words and its definition. `preview` forgives what has no name yet."""

    name_ja = NameField(label=_("Name in Japanese"))
    name_en = NameField(label=_("Name in English"))
    sentence_ja = forms.CharField(
        label=_("What it tells, in Japanese"), max_length=300, required=False
    )
    sentence_en = forms.CharField(
        label=_("What it tells, in English"), max_length=300, required=False
    )
    shape = forms.ChoiceField(label=_("Where the value comes from"), choices=SHAPES)
    stream = forms.ChoiceField(label=_("Counted over"), choices=STREAMS, required=False)
    kind = forms.ChoiceField(label=_("What is counted"), choices=KINDS, required=False)
    event = forms.ChoiceField(label=_("Event"), required=False)
    property = forms.ChoiceField(label=_("Property"), required=False)
    days = WholeField(label=_("Over how many days"), low=1, required=False)
    offset = WholeField(
        label=_("Ending how many days ago"),
        low=0,
        required=False,
        help_text=_("0: up to today. 28 compares with the weeks before."),
    )
    below_kind = forms.ChoiceField(label=_("Divided by"), choices=[SEATS, *KINDS], required=False)
    below_event = forms.ChoiceField(label=_("Event below"), required=False)
    below_property = forms.ChoiceField(label=_("Property below"), required=False)
    below_days = WholeField(label=_("Over how many days, below"), low=1, required=False)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    own_unit = forms.CharField(label=_("Own unit"), max_length=20, required=False)
    direction = forms.ChoiceField(label=_("Which way is better"), choices=DIRECTIONS)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        events: Sequence[EventName],
        preview: bool = False,
        entered: bool | None = None,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.events, self.preview, self.entered = events, preview, entered
        self.meaning: Definition | None = None
        offer(self, "unit", [*((u, unit_name(u)) for u in UNITS), (OWN_UNIT, _("Own unit"))])
        for prefix in ("", "below_"):
            offer(self, f"{prefix}event", self.event_choices(prefix))
            offer(self, f"{prefix}property", self.property_choices(prefix))
        for name in self.needed():
            self.fields[name].required = True

    def needed(self) -> list[str]:
        """The fields that the chosen shape cannot do without."""
        shape = self.told("shape")
        counted = [] if shape == "entered" else ["stream", "kind", "days"]
        divided = ["below_kind"] if shape == "ratio" else []
        return [f"name_{language()}", "unit", *counted, *divided]

    def told(self, name: str) -> str:
        """What the field holds now: typed, else what it began with."""
        return str(self[name].value() or "")

    def event_choices(self, prefix: str) -> list[tuple[str, Any]]:
        known = [each.name for each in self.events]
        kept = self.told(f"{prefix}event")
        unseen = [(kept, gettext("%(name)s (not seen yet)") % {"name": kept})]
        return [
            ("", _("Any event")),
            *((name, name) for name in known),
            *(unseen if kept and kept not in known else []),
        ]

    def property_choices(self, prefix: str) -> list[tuple[str, Any]]:
        known = OF_STREAM.get(self.told("stream")) or self.numeric(self.told(f"{prefix}event"))
        kept = self.told(f"{prefix}property")
        names = [*known, *([kept] if kept and kept not in known else [])]
        return [("", _("Choose a property")), *((name, name) for name in names)]

    def numeric(self, event: str) -> list[str]:
        """The numeric properties of an event, or of any."""
        among = [each for each in self.events if event in ("", each.name)]
        found = {name for e in among for name, kind in e.properties.items() if kind == "numeric"}
        return sorted(found)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.preview:
            self.errors.pop(f"name_{language()}", None)
        if cleaned.get("unit") == OWN_UNIT and not cleaned.get("own_unit") and not self.preview:
            self.add_error("own_unit", _("Write the unit."))
        if self.entered not in (None, cleaned.get("shape") == "entered"):
            self.add_error("shape", _("Typed and computed values are two metrics: make a new one."))
        if not self.errors:
            self.define(cleaned)
        return cleaned

    def define(self, cleaned: Mapping[str, Any]) -> None:
        for prefix in ("", "below_") if cleaned["shape"] == "ratio" else ("",):
            wanted = cleaned["shape"] != "entered" and cleaned.get(f"{prefix}kind") == "sum"
            if wanted and not cleaned.get(f"{prefix}property"):
                self.add_error(f"{prefix}property", _("Choose the property that is added up."))
        if not self.errors:
            self.meaning = load(definition_of(cleaned))

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


def initial_of(sheet: MetricSheet) -> dict[str, Any]:
    """What the form shows of a metric."""
    own = sheet.unit not in UNITS
    return {
        **{f"name_{language}": text for language, text in sheet.name.items()},
        **{f"sentence_{language}": text for language, text in sheet.sentence.items()},
        "unit": OWN_UNIT if own else sheet.unit,
        "own_unit": sheet.unit if own else "",
        "direction": "up" if sheet.higher_is_better else "down",
        **shape_of(dump(sheet.definition)),
    }


def shape_of(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The form's fields of a stored definition."""
    if stored["kind"] == "entered":
        return {"shape": "entered"}
    if stored["kind"] != "ratio":
        return {"shape": "number", **stored}
    below = {f"below_{name}": value for name, value in stored["denominator"].items()}
    return {"shape": "ratio", **stored["numerator"], **below}


def definition_of(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """The definition, as core reads it, of cleaned fields."""
    if cleaned["shape"] == "entered":
        return {"kind": "entered"}
    above = part_of(cleaned, "")
    if cleaned["shape"] == "number":
        return above
    seats = cleaned.get("below_kind") in ("", "seats", None)
    below = {"kind": "seats"} if seats else part_of(cleaned, "below_")
    return {"kind": "ratio", "numerator": above, "denominator": below}


def part_of(cleaned: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    kind = cleaned.get(f"{prefix}kind") or "count"
    stream = cleaned.get("stream") or "events"
    part = {
        "kind": kind,
        "event": (cleaned.get(f"{prefix}event") or None) if stream == "events" else None,
        "days": cleaned.get(f"{prefix}days") or cleaned.get("days") or 28,
        "stream": stream,
    }
    if kind == "sum":
        part["property"] = cleaned[f"{prefix}property"]
    return part if kind == "days_since" else {**part, "offset": cleaned.get("offset") or 0}


def offer(form: forms.Form, name: str, choices: Sequence[tuple[str, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
