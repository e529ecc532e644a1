"""What is asked for many customers at once, and how views are named."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.base.models import User
from banso.desk.bulk import Values
from banso.desk.models import Bulk
from banso.engagements.access import owners
from banso.engagements.forms import TOUCHES, day_field
from banso.goals.models import Stage
from banso.web.formats import language

VERBS = [
    (Bulk.Verb.OWNER, _("Change the owner")),
    (Bulk.Verb.TOUCH, _("Change the touch")),
    (Bulk.Verb.SEGMENT, _("Change the segment’s label")),
    (Bulk.Verb.STAGE, _("Set the stage")),
    (Bulk.Verb.ACTION, _("Add a next step")),
    (Bulk.Verb.SET_ASIDE, _("Set aside")),
]
NEEDED: Mapping[str, tuple[str, ...]] = {
    Bulk.Verb.OWNER: ("owner",),
    Bulk.Verb.TOUCH: ("touch",),
    Bulk.Verb.SEGMENT: (),
    Bulk.Verb.STAGE: ("stage",),
    Bulk.Verb.ACTION: ("title", "due_on"),
    Bulk.Verb.SET_ASIDE: ("until",),
}
FIELDS_OF: Mapping[str, tuple[str, ...]] = {
    Bulk.Verb.OWNER: ("owner",),
    Bulk.Verb.TOUCH: ("touch",),
    Bulk.Verb.SEGMENT: ("segment",),
    Bulk.Verb.STAGE: ("stage",),
    Bulk.Verb.ACTION: ("title", "due_on", "step_owner"),
    Bulk.Verb.SET_ASIDE: ("until", "reason"),
}


class BulkForm(forms.Form):
    """One verb and what it needs; the other fields are left alone."""

    verb = forms.ChoiceField(label=_("What is to be done"), choices=VERBS)
    owner = forms.ModelChoiceField(
        User.objects.none(),
        label=_("New owner"),
        required=False,
        to_field_name="uid",
        empty_label=_("Choose a colleague"),
    )
    touch = forms.ChoiceField(label=_("Touch"), choices=TOUCHES, required=False)
    segment = forms.CharField(label=_("Segment"), max_length=120, required=False)
    stage = forms.ModelChoiceField(
        Stage.objects.none(),
        label=_("Stage"),
        required=False,
        to_field_name="uid",
        empty_label=_("Choose a stage"),
    )
    title = forms.CharField(label=_("Next step"), max_length=300, required=False)
    due_on = day_field(_("Due"), required=False)
    step_owner = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Done by"),
        required=False,
        to_field_name="uid",
        empty_label=_("The owner of each customer"),
    )
    until = day_field(_("Until"), required=False)
    reason = forms.CharField(
        label=_("Why it is no concern"),
        max_length=2000,
        required=False,
        help_text=_("With a reason it stays away until the gap really worsens."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, today: date, verb: str) -> None:
        later = today + timedelta(days=7)
        super().__init__(data, initial={"verb": verb, "due_on": later, "until": later})
        self.today = today
        for name in ("owner", "step_owner"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = owners()
        stages = self.fields["stage"]
        assert isinstance(stages, forms.ModelChoiceField)
        stages.queryset = Stage.objects.filter(retired_at=None).order_by("program_id", "position")
        stages.label_from_instance = stage_label  # type: ignore[assignment, method-assign]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in NEEDED.get(cleaned.get("verb", ""), ()):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("This is needed."))
        until = cleaned.get("until")
        if cleaned.get("verb") == Bulk.Verb.SET_ASIDE and until and until <= self.today:
            self.add_error("until", _("Choose a later day."))
        return cleaned

    def values(self) -> Values:
        """What the bulk keeps: ids, codes, days as ISO text."""
        told = self.cleaned_data
        owner, step_owner, stage = told["owner"], told["step_owner"], told["stage"]
        kept: dict[str, Values] = {
            Bulk.Verb.OWNER: {"owner": owner.pk if owner else None},
            Bulk.Verb.TOUCH: {"touch": told["touch"]},
            Bulk.Verb.SEGMENT: {"segment": told["segment"].strip()},
            Bulk.Verb.STAGE: {"stage": stage.pk if stage else None},
            Bulk.Verb.ACTION: {
                "title": told["title"],
                "due_on": iso(told["due_on"]),
                "step_owner": step_owner.pk if step_owner else None,
            },
            Bulk.Verb.SET_ASIDE: {"until": iso(told["until"]), "reason": told["reason"].strip()},
        }
        return kept[told["verb"]]


def stage_label(stage: Stage) -> str:
    return stage.name.get(language()) or next(iter(stage.name.values()), stage.uid)


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""


class ViewForm(forms.Form):
    """The name of a view and for whom it is."""

    name = forms.CharField(label=_("Name of the view"), max_length=60)
    shared = forms.BooleanField(label=_("Everybody may use it"), required=False)
    first = forms.BooleanField(label=_("Customers open with it"), required=False)
    query = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)
