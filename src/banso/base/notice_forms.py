"""What a user chooses about notifications: how each kind reaches them, and when mail comes."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.base.forms import zones
from banso.base.models import MailTimes, NotificationRule, User, Workspace
from banso.base.notices import WORDINGS

type Typed = Mapping[str, Any] | None

HOW = [
    ("at_once", _("By mail at once")),
    ("digest", _("In the daily mail")),
    ("product", _("In Banso only")),
    ("off", _("Not at all")),
]
WEEKDAYS = [
    ("1", _("Mon")),
    ("2", _("Tue")),
    ("3", _("Wed")),
    ("4", _("Thu")),
    ("5", _("Fri")),
    ("6", _("Sat")),
    ("7", _("Sun")),
]


class KindForm(forms.Form):
    """How one kind of notification reaches the user."""

    how = forms.ChoiceField(choices=HOW)

    def __init__(self, data: Typed = None, *, verb: str, chosen: str) -> None:
        super().__init__(data, prefix=verb, initial={"how": chosen})
        self.verb, self.chosen = verb, chosen
        self.fields["how"].label = str(WORDINGS[verb].label)


class TimesForm(forms.Form):
    """When mail comes; what is empty is as the workspace has it."""

    on = forms.BooleanField(label=_("Send me notifications by mail"), required=False)
    hour = forms.TypedChoiceField(
        label=_("Daily mail at"), choices=[(str(n), f"{n}:00") for n in range(24)], coerce=int
    )
    weekdays = forms.MultipleChoiceField(
        label=_("On these days"),
        choices=WEEKDAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("No daily mail on Japanese public holidays; none chosen: the company’s days."),
    )
    timezone = forms.ChoiceField(label=_("Time zone"), required=False)
    quiet_from = forms.TimeField(
        label=_("Quiet from"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    quiet_until = forms.TimeField(
        label=_("Quiet until"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}),
        help_text=_("No mail between these times; it waits. Left empty: the company’s."),
    )

    def __init__(self, data: Typed = None, *, user: User, workspace: Workspace) -> None:
        kept = MailTimes.objects.filter(user=user).first() or MailTimes(user=user)
        initial = {
            "on": kept.on,
            "hour": str(kept.hour),
            "weekdays": [str(day) for day in kept.weekdays or []],
            "timezone": kept.timezone,
            "quiet_from": shown(kept.quiet_from),
            "quiet_until": shown(kept.quiet_until),
        }
        super().__init__(data, initial=initial)
        zone = self.fields["timezone"]
        assert isinstance(zone, forms.ChoiceField)
        own = _("As the company: %(zone)s") % {"zone": workspace.timezone}
        zone.choices = [("", own), *zones()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if (first is None) != (last is None):
            self.add_error("quiet_until", _("Write both times, or neither."))
        return cleaned

    def times(self) -> dict[str, Any]:
        """The fields of MailTimes as they were chosen."""
        days = [int(day) for day in self.cleaned_data["weekdays"]]
        return self.cleaned_data | {"weekdays": days or None}


def kind_forms(user: User, data: Typed = None) -> list[KindForm]:
    """One form for each kind, as the user has it now."""
    rules = NotificationRule.objects.filter(user=user, engagement_id=None)
    chosen = dict(rules.values_list("verb", "how"))
    return [
        KindForm(data, verb=verb, chosen=chosen.get(verb, told.how))
        for verb, told in sorted(WORDINGS.items())
    ]


def shown(value: time | None) -> str:
    return value.strftime("%H:%M") if value else ""
