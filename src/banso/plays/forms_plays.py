"""What people type about a play: for whom, its steps, its limits, and who keeps it right."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from banso.base.fields import localized
from banso.base.models import Team, User
from banso.base.workspace import local_today
from banso.core.conditions import Condition
from banso.engagements.access import owners
from banso.metrics.models import Metric
from banso.metrics.offered_fields import TOUCHES
from banso.plays.actions import FIRST_STEP_DAYS, FirstStep, PlaySheet, StepSheet
from banso.plays.models import BarrierKind, Play, PlayVersion
from banso.plays.steps import KINDS, Choices, step_kinds
from banso.web.formats import language

MOST_STEPS = 12
NO_DAY = {"invalid": _("Write a date such as 2026-04-30.")}
REFUSED = {
    "active": _("The play is in use already."),
    "no_steps": _("Write at least one step first."),
    "first_step_day": _("The first small step is done within fourteen days."),
    "decided": _("That is decided already."),
}
type Typed = Mapping[str, Any] | None
type Things = Mapping[str, Choices]


class MetricField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Metric) -> str:
        return localized(obj.name, language()) or obj.key


class KindsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: BarrierKind) -> str:
        return localized(obj.name, language())


def whole(label: Any, initial: int, most: int, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, initial=initial, min_value=1, max_value=most, help_text=help_text
    )


class PlayForm(forms.Form):
    """All of a play but its condition and steps."""

    name_ja = forms.CharField(label=_("Name in Japanese"), max_length=80, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=80, required=False)
    purpose = forms.CharField(
        label=_("What it is for"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    kinds = KindsField(
        BarrierKind.objects.filter(retired_at=None),
        label=_("Barriers it lowers"),
        to_field_name="uid",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    touches = forms.MultipleChoiceField(
        label=_("Touch"),
        choices=TOUCHES,
        initial=["high", "low", "tech"],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one touch level.")},
    )
    automatic = forms.TypedChoiceField(
        label=_("How it is given"),
        choices=[("", _("Suggested: a person takes it up")), ("1", _("By itself, each night"))],
        coerce=bool,
        required=False,
        empty_value="",
        widget=forms.RadioSelect,
    )
    metric = MetricField(
        Metric.objects.filter(retired_at=None).order_by("id"),
        label=_("Metric expected to move"),
        to_field_name="uid",
        required=False,
        empty_label="–",
    )
    window_days = whole(_("Looked at again after (days)"), 60, 730)
    capacity = whole(
        _("Most open actions of its owner"),
        20,
        500,
        _("All their open actions count, and what plays will still ask of them."),
    )
    most = whole(_("At most so many times for one customer"), 1, 50)
    apart_days = whole(_("Not again within (days)"), 90, 3650)
    owner = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Kept right by"),
        to_field_name="uid",
        required=False,
        empty_label="–",
    )
    team = forms.ModelChoiceField(
        Team.objects.order_by("name"),
        label=_("Owner group"),
        to_field_name="uid",
        required=False,
        empty_label="–",
    )
    review_on = forms.DateField(
        label=_("Review by"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        error_messages=NO_DAY,
    )

    def __init__(self, data: Typed = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.order_fields([f"name_{language()}"])
        own = self.fields[f"name_{language()}"]
        own.required = True
        own.error_messages["required"] = _("Give the play a name.")
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = owners()

    def sheet(self, condition: Condition, steps: list[StepSheet]) -> PlaySheet:
        told = dict(self.cleaned_data)
        name = {code: told.pop(f"name_{code}").strip() for code in ("ja", "en")}
        told["kinds"], told["automatic"] = list(told["kinds"]), bool(told["automatic"])
        return PlaySheet(name=name, condition=condition, steps=steps, **told)


class FirstStepForm(forms.Form):
    """The first small step of a run."""

    first_step = forms.CharField(
        label=_("First small step"),
        max_length=300,
        help_text=_("Something small that shows within two weeks whether this goes anywhere."),
        error_messages={"required": _("Write the first small step.")},
    )
    first_step_by = forms.DateField(
        label=_("To be done by"), widget=forms.DateInput({"type": "date"}), error_messages=NO_DAY
    )

    def __init__(self, data: Typed = None) -> None:
        last = local_today() + timedelta(days=FIRST_STEP_DAYS)
        super().__init__(data, initial={"first_step_by": last.isoformat()})

    def clean_first_step_by(self) -> date:
        day: date = self.cleaned_data["first_step_by"]
        if not local_today() <= day <= local_today() + timedelta(days=FIRST_STEP_DAYS):
            raise forms.ValidationError(REFUSED["first_step_day"])
        return day

    def first(self) -> FirstStep:
        return FirstStep(self.cleaned_data["first_step"], self.cleaned_data["first_step_by"])


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(choices=[("keep", ""), ("stop", "")])
    words = forms.CharField(max_length=2000, required=False)


class StepForm(forms.Form):
    """One step; without words in either language it is left out."""

    kind = forms.ChoiceField(label=_("Kind"))
    words_ja = forms.CharField(label=_("What, in Japanese"), max_length=200, required=False)
    words_en = forms.CharField(label=_("What, in English"), max_length=200, required=False)
    thing = forms.ChoiceField(label=_("With"), required=False)
    offset_days = forms.IntegerField(
        label=pgettext_lazy("step", "Day"), min_value=0, max_value=365, required=False, initial=0
    )
    within_days = forms.IntegerField(
        label=_("Within (days)"), min_value=1, max_value=365, required=False, initial=7
    )

    def __init__(self, *words: Any, things: Things, **options: Any) -> None:
        super().__init__(*words, **options)
        self.things = things
        choose(self, "kind", [(each.code, each.label) for each in step_kinds()])
        offered = [(KINDS[code].label, choices) for code, choices in things.items() if choices]
        choose(self, "thing", [("", "–"), *offered])

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        kind, thing = told.get("kind", ""), told.get("thing", "")
        if self.has_words() and kind:
            known = {code for code, _ in self.things[kind]} if kind in self.things else {""}
            if thing not in known:
                self.add_error("thing", _("Choose what this kind of step uses."))
        return told

    def has_words(self) -> bool:
        return any(self.words().values())

    def words(self) -> dict[str, str]:
        told = self.cleaned_data
        return {code: (told.get(f"words_{code}") or "").strip() for code in ("ja", "en")}

    def sheet(self) -> StepSheet | None:
        told = self.cleaned_data
        if not self.has_words():
            return None
        days = {"offset_days": told["offset_days"] or 0, "within_days": told["within_days"] or 7}
        return StepSheet(told["kind"], self.words(), thing=told["thing"], **days)


class StepRows(forms.BaseFormSet):  # type: ignore[type-arg]
    """The steps in their order, and room for more."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label} {1 + (index or 0)}"

    def sheets(self) -> list[StepSheet]:
        found = (form.sheet() for form in self.forms)
        return [sheet for sheet in found if sheet is not None]

    @property
    def with_things(self) -> bool:
        return any(self.form_kwargs["things"].values())


def things() -> Things:
    """What steps may use, by the kind that uses it."""
    return {kind.code: list(kind.things()) for kind in step_kinds() if kind.things is not None}


def step_rows(version: PlayVersion | None, data: Typed = None) -> StepRows:
    rows = forms.formset_factory(
        StepForm, formset=StepRows, extra=2, max_num=MOST_STEPS, absolute_max=MOST_STEPS
    )
    initial = [
        {
            "kind": each.kind,
            "thing": each.thing,
            "offset_days": each.offset_days,
            "within_days": each.within_days,
            **{f"words_{code}": text for code, text in each.words.items()},
        }
        for each in (version.steps.all() if version else ())
    ]
    told = {"things": things()}
    return cast("StepRows", rows(data, initial=initial, prefix="steps", form_kwargs=told))


def initial_of(play: Play, version: PlayVersion) -> dict[str, Any]:
    """What the form shows of a play."""
    plain = ("touches", "window_days", "capacity", "most", "apart_days")
    return {
        **{f"name_{code}": text for code, text in play.name.items()},
        **{name: getattr(version, name) for name in plain},
        "automatic": "1" if version.automatic else "",
        "purpose": play.purpose,
        "kinds": [each.uid for each in play.kinds.all()],
        "metric": version.metric.uid if version.metric else "",
        "owner": play.owner.uid if play.owner else "",
        "team": play.team.uid if play.team else "",
        "review_on": play.review_on.isoformat() if play.review_on else "",
    }


def choose(form: forms.Form, name: str, choices: list[tuple[Any, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
