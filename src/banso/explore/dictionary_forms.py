"""What people write about events and properties."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST = 500
PERSONAL = [
    ("", _("By its name and values")),
    ("yes", _("Yes: never show its values")),
    ("no", _("No: show examples")),
]


class EventForm(forms.Form):
    """What an event means, in either language."""

    description_ja = forms.CharField(
        label=_("What it means, in Japanese"), max_length=LONGEST, required=False
    )
    description_en = forms.CharField(
        label=_("What it means, in English"), max_length=LONGEST, required=False
    )

    @property
    def description(self) -> Mapping[str, str]:
        told = {name: self.cleaned_data[f"description_{name}"].strip() for name in ("ja", "en")}
        return {name: text for name, text in told.items() if text}


class PropertyForm(EventForm):
    """What a property means, whether it is of a person, and whether it is offered."""

    name = forms.CharField(max_length=200, widget=forms.HiddenInput, strip=False)
    personal = forms.ChoiceField(label=_("Is it about a person?"), choices=PERSONAL, required=False)
    hidden = forms.BooleanField(label=_("Do not offer it any more"), required=False)

    @property
    def is_personal(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["personal"])
