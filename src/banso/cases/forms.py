"""What people type about a case and a retrospective."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from banso.actions.actions import NextStep
from banso.base.fields import localized
from banso.base.models import User
from banso.base.workspace import local_today
from banso.cases.actions import CaseSheet
from banso.cases.models import Case, CaseConsent
from banso.cases.retrospectives import Sheet
from banso.engagements.access import owners
from banso.plays.models import Barrier
from banso.web.formats import day_text, language

type Typed = Mapping[str, Any] | None
LONGEST = 4_000
NO_DAY = {"invalid": _("Write a date such as 2026-04-30.")}
ENDINGS = [
    (Case.Ending.SUCCESS, _("It worked")),
    (Case.Ending.FAILURE, _("It did not work")),
]
REACHES = [
    (CaseConsent.Reach.INSIDE, _("Inside our company")),
    (CaseConsent.Reach.OUTSIDE, _("Outside too")),
]


def text(rows: int = 4, **words: Any) -> forms.CharField:
    """Several lines that may stay empty."""
    lines = forms.Textarea({"rows": rows})
    return forms.CharField(max_length=LONGEST, required=False, widget=lines, **words)


def day() -> forms.DateInput:
    return forms.DateInput({"type": "date"})


class BarriersField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Barrier) -> str:
        name = localized(obj.kind.name, language())
        if obj.lowered_at is None:
            return name
        on = day_text(obj.lowered_at.date(), "medium")
        return str(_("%(name)s, lowered on %(day)s") % {"name": name, "day": on})


class CaseForm(forms.Form):
    """A case, filled in with what is known."""

    ending = forms.ChoiceField(
        label=_("How it ended"),
        choices=ENDINGS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether it worked.")},
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        error_messages={"required": _("Give it a title that says the situation.")},
    )
    situation = text(
        label=_("The situation"),
        help_text=_(
            "In everyday words, as a colleague would look for it: stuck at the start, one user."
        ),
    )
    did = text(label=_("What we did"))
    happened = text(
        label=_("What happened"), help_text=_("The metric before and after is shown by itself.")
    )
    copy = text(3, label=_("What to copy"))
    avoid = text(3, label=_("What not to do"))
    barriers = BarriersField(
        Barrier.objects.none(),
        label=_("Barriers it was about"),
        required=False,
        to_field_name="uid",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Typed = None, *, sheet: CaseSheet, among: QuerySet[Barrier]) -> None:
        chosen = [each.uid for each in sheet.barriers]
        super().__init__(data, initial=vars(sheet) | {"barriers": chosen})
        field = self.fields["barriers"]
        assert isinstance(field, BarriersField)
        field.queryset = among
        if not among:
            del self.fields["barriers"]

    def sheet(self) -> CaseSheet:
        told = dict(self.cleaned_data)
        return CaseSheet(**told | {"barriers": list(told.get("barriers", ()))})


class ConsentForm(forms.Form):
    """By whom of the customer, when, and how far."""

    given_by = forms.CharField(
        label=_("Given by"),
        max_length=120,
        error_messages={"required": _("Say who of the customer agreed.")},
    )
    given_on = forms.DateField(label=_("On"), widget=day(), error_messages=NO_DAY)
    reach = forms.ChoiceField(label=_("How far"), choices=REACHES)

    def clean_given_on(self) -> date:
        given: date = self.cleaned_data["given_on"]
        if given > local_today():
            raise forms.ValidationError(_("An agreement lies in the past or is of today."))
        return given


class RetrospectiveForm(forms.Form):
    """Four questions about the system; none asks who."""

    title = forms.CharField(
        label=_("What it is about"),
        max_length=200,
        error_messages={"required": _("Say what you look back at.")},
    )
    held_on = forms.DateField(label=_("Held on"), widget=day(), error_messages=NO_DAY)
    expected = text(3, label=_("What was expected?"))
    happened = text(3, label=_("What happened?"))
    likely = text(
        label=_("What in the system made it likely?"),
        help_text=_("Habits, tools, hand-overs, what was written down where. Not who."),
    )
    helped = text(3, label=_("What helped?"))

    def clean_held_on(self) -> date:
        held: date = self.cleaned_data["held_on"]
        if held > local_today():
            raise forms.ValidationError(_("It was held in the past or is of today."))
        return held

    def sheet(self) -> Sheet:
        return Sheet(**self.cleaned_data)


class NamedForm(forms.Form):
    """What a play or a kind of barrier is called, in the reader's language."""

    name = forms.CharField(
        label=_("What it is called"),
        max_length=60,
        error_messages={"required": _("Say what it is called.")},
    )

    def named(self) -> dict[str, str]:
        return {language(): " ".join(self.cleaned_data["name"].split())}


class ActionForm(forms.Form):
    """What will be done by whom until when."""

    title = forms.CharField(
        label=_("What will be done"),
        max_length=300,
        error_messages={"required": _("Write what will be done.")},
    )
    owner = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Owner"),
        to_field_name="uid",
        empty_label=None,
        error_messages={"required": _("Choose who does it.")},
    )
    due_on = forms.DateField(label=_("Due"), widget=day(), error_messages=NO_DAY)

    def __init__(self, data: Typed = None, **options: Any) -> None:
        super().__init__(data, **options)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = owners()

    def clean_due_on(self) -> date:
        due: date = self.cleaned_data["due_on"]
        if due < local_today():
            raise forms.ValidationError(_("A next step is due today or later."))
        return due

    def step(self) -> NextStep:
        told = self.cleaned_data
        return NextStep(told["title"], told["owner"], told["due_on"])


def first_error(form: forms.Form) -> str:
    """What is wrong, for a page that does not show the form again."""
    errors: Sequence[Any] = next(iter(form.errors.values()))
    return str(errors[0])
