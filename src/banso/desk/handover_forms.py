"""What is typed when customers are handed over."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.base.models import User
from banso.engagements.access import owners
from banso.engagements.forms import day_field
from banso.engagements.models import Engagement


class HandoverForm(forms.Form):
    """From when, why, and whether the leaver's time here ends with it."""

    effective_on = day_field(
        _("From this day"), help_text=_("Today at once; a later day in the morning of that day.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=2000, required=False)
    ends = forms.BooleanField(
        label=_("They leave: signed out everywhere, no access any more"), required=False
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, today: date, may_end: bool
    ) -> None:
        super().__init__(data, initial={"effective_on": today})
        self.today = today
        if not may_end:
            del self.fields["ends"]

    def clean_effective_on(self) -> date:
        on: date = self.cleaned_data["effective_on"]
        if on < self.today:
            raise forms.ValidationError(_("Choose today or a later day."))
        return on


class OneHandoverForm(HandoverForm):
    """One customer goes to a colleague, with the reason and what they should know."""

    to = forms.ModelChoiceField(
        User.objects.none(),
        label=_("To"),
        to_field_name="uid",
        empty_label=_("Choose a colleague"),
    )
    reason = forms.CharField(label=_("Reason"), max_length=2000)
    note = forms.CharField(
        label=_("What the new owner should know"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea,
    )
    field_order = ["to", "effective_on", "reason", "note"]

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, today: date, engagement: Engagement
    ) -> None:
        super().__init__(data, today=today, may_end=False)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = owners().exclude(pk=engagement.owner_id or 0)


class NoteForm(forms.Form):
    """What the leaver passes on about one customer."""

    note = forms.CharField(max_length=10_000, required=False, widget=forms.Textarea)
