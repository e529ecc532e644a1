"""What people type about programs and moves."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from banso.actions.models import Contact
from banso.base.fields import localized
from banso.goals.models import Program, Stage
from banso.goals.stage_actions import MOST_STAGES, StageSheet
from banso.web.formats import language

NO_DAY = {"invalid": _("Write a date such as 2026-04-30.")}
WORDS = {
    "future_day": _("A move lies in the past or is of today."),
    "before_last_move": _("There is a later move already; take a day after it."),
    "stage_in_use": _("Customers are in a stage that you left out; move them first."),
    "too_many_stages": _("Twelve stages are the most."),
    "no_stage": _("A program has at least one stage."),
}
TEMPLATE = [
    StageSheet({"ja": "導入", "en": "Onboarding"}, grace_days=30),
    StageSheet({"ja": "定着", "en": "Adoption"}),
    StageSheet({"ja": "拡大", "en": "Growth"}),
]


class StageField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Stage) -> str:
        return localized(obj.name, language())


class ContactField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Contact) -> str:
        said = obj.summary.splitlines()[0][:60] if obj.summary else obj.channel
        return f"{obj.occurred_at:%Y-%m-%d} {said}"


class MoveForm(forms.Form):
    """Where to, when, and on what ground."""

    stage = StageField(
        Stage.objects.none(), label=_("Stage"), required=False, to_field_name="uid",
        empty_label=_("(leave the program)"),
    )  # fmt: skip
    on = forms.DateField(
        label=_("Moved on"), widget=forms.DateInput({"type": "date"}), error_messages=NO_DAY
    )
    contact = ContactField(
        Contact.objects.none(),
        label=_("Decided in this contact"),
        required=False,
        to_field_name="uid",
        empty_label="–",
    )
    note = forms.CharField(
        label=_("Why"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2})
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        stages: QuerySet[Stage],
        contacts: QuerySet[Contact],
        today: date,
        suggested: Stage | None,
    ) -> None:
        first = {"on": today.isoformat(), "stage": suggested.uid if suggested else ""}
        super().__init__(data, initial=first)
        choose(self, "stage", stages)
        choose(self, "contact", contacts)

    def refuse(self, code: str) -> None:
        self.add_error("on", WORDS[code])


class PlaceForm(forms.Form):
    """Many at once: those of a segment, or all who are in no stage."""

    stage = StageField(Stage.objects.none(), label=_("Stage"), to_field_name="uid")
    segment = forms.CharField(required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, stages: QuerySet[Stage]) -> None:
        super().__init__(data)
        choose(self, "stage", stages)


class ProgramForm(forms.Form):
    name_ja = forms.CharField(label=_("Name in Japanese"), max_length=80, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=80, required=False)
    starts_on = forms.DateField(
        label=_("Newcomers enter the first stage from"),
        widget=forms.DateInput({"type": "date"}),
        error_messages=NO_DAY,
        help_text=_("Whoever became a customer on this day or later begins in the first stage."),
    )

    def name(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"name_{code}"].strip() for code in ("ja", "en")}


class StageForm(forms.Form):
    """One stage; without a name in either language it is left out."""

    uid = forms.CharField(required=False, widget=forms.HiddenInput)
    name_ja = forms.CharField(label=_("Name in Japanese"), max_length=60, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=60, required=False)
    grace_days = forms.IntegerField(
        label=_("Grace (days)"), min_value=0, max_value=730, required=False
    )
    automatic = forms.BooleanField(label=_("Moves on by itself"), required=False)

    def sheet(self) -> StageSheet | None:
        told = self.cleaned_data
        name = {code: (told.get(f"name_{code}") or "").strip() for code in ("ja", "en")}
        if not any(name.values()):
            return None
        return StageSheet(name, told.get("grace_days") or 0, told["automatic"], told["uid"])


class StageRows(forms.BaseFormSet):  # type: ignore[type-arg]
    """The stages in their order, and room for more."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            if not field.label:
                continue
            field.widget.attrs["aria-label"] = f"{field.label} {1 + (index or 0)}"

    def sheets(self) -> list[StageSheet]:
        found = (form.sheet() for form in self.forms if form.is_valid())
        return [sheet for sheet in found if sheet is not None]


def stage_rows(stages: Sequence[Stage], data: Mapping[str, Any] | None = None) -> StageRows:
    rows = forms.formset_factory(
        StageForm, formset=StageRows, extra=2, max_num=MOST_STAGES, absolute_max=MOST_STAGES
    )
    initial = [
        {
            "uid": each.uid,
            "grace_days": each.grace_days,
            "automatic": each.automatic,
            **{f"name_{code}": text for code, text in each.name.items()},
        }
        for each in stages
    ]
    return cast("StageRows", rows(data, initial=initial, prefix="stages"))


def program_initial(program: Program | None, today: date) -> dict[str, Any]:
    if program is None:
        return {"starts_on": today.isoformat()}
    words = {f"name_{code}": text for code, text in program.name.items()}
    return {**words, "starts_on": program.starts_on.isoformat()}


def choose(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
