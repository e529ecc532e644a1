"""What people type in the daily loop, and the kind words when it cannot be taken."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from banso.actions.actions import NextStep
from banso.actions.days import DUE, LATER, chosen_day
from banso.actions.models import Action, Contact, SetAside
from banso.base.models import User
from banso.parties.models import Party

FARTHEST = timedelta(days=366)
OLDEST = timedelta(days=366 * 10)
type Typed = Mapping[str, Any] | None


class StepFields(forms.Form):
    """A title, whose it is, a day (a quick choice or a date), and whether it comes again."""

    title = forms.CharField(max_length=300, required=False)
    owner = forms.ModelChoiceField(User.objects.none(), required=False, to_field_name="uid")
    due = forms.ChoiceField(
        choices=[(word, word) for word in (*DUE, "date")],
        required=False,
        error_messages={"invalid_choice": _("Choose one of the days.")},
    )
    due_on = forms.DateField(
        required=False, error_messages={"invalid": _("Write a date such as 2026-04-30.")}
    )

    every = forms.ChoiceField(choices=Action.Every.choices, required=False)

    def __init__(self, data: Typed = None, *, staff: QuerySet[User], by: User, today: date) -> None:
        super().__init__(data)
        self.by, self.today = by, today
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = staff

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("title"):
            return cleaned
        due = self.due_day(cleaned)
        if due is not None and due < self.today:
            self.add_error("due_on", _("A next step is due today or later."))
        cleaned["due_on"] = due
        return cleaned

    def due_day(self, cleaned: Mapping[str, Any]) -> date | None:
        choice = cleaned.get("due") or ("date" if cleaned.get("due_on") else "week")
        if choice != "date":
            return chosen_day(choice, self.today)
        if cleaned.get("due_on") is None and "due_on" not in self.errors:
            self.add_error("due_on", _("Choose the day by which it is done."))
        return cleaned.get("due_on")

    def next_step(self) -> NextStep | None:
        """The step of a valid form; None when no title was typed."""
        if not self.cleaned_data["title"]:
            return None
        return NextStep(
            self.cleaned_data["title"],
            self.cleaned_data["owner"] or self.by,
            self.cleaned_data["due_on"],
            every=self.cleaned_data["every"],
        )


class StepForm(StepFields):
    """A next step on its own."""

    title = forms.CharField(
        max_length=300, error_messages={"required": _("Write what will be done.")}
    )


class StepChangeForm(StepFields):
    """Another day or owner for a step that is open, or how often it comes."""

    def clean(self) -> dict[str, Any]:
        cleaned = forms.Form.clean(self) or {}
        asked = cleaned.get("due") or cleaned.get("due_on")
        due = self.due_day(cleaned) if asked else None
        if due is not None and due < self.today:
            self.add_error("due_on", _("A next step is due today or later."))
        return {**cleaned, "due_on": due}

    def every_chosen(self) -> str | None:
        """How often it comes from now on; None where that was not asked."""
        return self.cleaned_data["every"] if "every" in self.data else None


class ContactForm(StepFields):
    """One contact, and optionally what comes next."""

    channel = forms.ChoiceField(choices=Contact.Channel.choices, required=False)
    summary = forms.CharField(
        max_length=10_000,
        error_messages={"required": _("Write one line on what was said.")},
    )
    occurred_on = forms.DateField(
        required=False, error_messages={"invalid": _("Write a date such as 2026-04-30.")}
    )
    people = forms.ModelMultipleChoiceField(
        Party.objects.none(), required=False, to_field_name="uid"
    )

    def __init__(
        self,
        data: Typed = None,
        *,
        people: QuerySet[Party],
        staff: QuerySet[User],
        by: User,
        today: date,
    ) -> None:
        super().__init__(data, staff=staff, by=by, today=today)
        named = self.fields["people"]
        assert isinstance(named, forms.ModelMultipleChoiceField)
        named.queryset = people

    def clean_channel(self) -> str:
        return self.cleaned_data["channel"] or Contact.Channel.CALL

    def clean_occurred_on(self) -> date:
        day: date = self.cleaned_data["occurred_on"] or self.today
        if day > self.today:
            raise forms.ValidationError(_("A contact lies in the past; plan a next step instead."))
        if day < self.today - OLDEST:
            raise forms.ValidationError(_("That is more than ten years ago."))
        return day

    def occurred_at(self) -> datetime:
        """Now for today, else noon of the day, in the workspace's zone."""
        day: date = self.cleaned_data["occurred_on"]
        if day == self.today:
            return timezone.now()
        return timezone.make_aware(datetime.combine(day, time(12)))


class SetAsideForm(forms.Form):
    """Later, or no concern and why."""

    kind = forms.ChoiceField(choices=SetAside.Kind.choices, required=False)
    later = forms.ChoiceField(
        choices=[(word, word) for word in (*LATER, "quarter", "date")], required=False
    )
    until = forms.DateField(
        required=False, error_messages={"invalid": _("Write a date such as 2026-04-30.")}
    )
    reason = forms.CharField(max_length=500, required=False)

    def __init__(self, data: Typed = None, *, today: date) -> None:
        super().__init__(data)
        self.today = today

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or SetAside.Kind.SNOOZE

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        no_concern = cleaned.get("kind") == SetAside.Kind.NO_CONCERN
        if no_concern and not cleaned.get("reason"):
            self.add_error("reason", _("Say in one line why it is no concern."))
        cleaned["until"] = self.until_day(cleaned, "quarter" if no_concern else "week")
        return cleaned

    def until_day(self, cleaned: Mapping[str, Any], default: str) -> date | None:
        choice = cleaned.get("later") or ("date" if cleaned.get("until") else default)
        if choice != "date":
            return chosen_day(choice, self.today)
        day: date | None = cleaned.get("until")
        if "until" not in self.errors and (day is None or day <= self.today):
            self.add_error("until", _("Choose a day after today."))
        elif day is not None and day > self.today + FARTHEST:
            self.add_error("until", _("Choose a day within a year."))
        return day
