"""What people type about sources and their keys."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.events.models import Source
from banso.ingest.models import WriteKey

KINDS = [
    (WriteKey.Kind.SERVER, _("On a server: secret, may say who people and accounts are")),
    (WriteKey.Kind.BROWSER, _("In a browser: public, may only say what happened")),
]
MOST_ORIGINS = 50


class OriginsField(forms.CharField):
    """One origin a line: https://app.example.jp"""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("Pages that the browser's key serves"),
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("One origin a line, like https://app.example.jp. Empty: every page."),
            **options,
        )

    def clean(self, value: Any) -> list[str]:
        text: str = super().clean(value)
        origins = list(dict.fromkeys(line.strip().lower().rstrip("/") for line in text.split()))
        if len(origins) > MOST_ORIGINS or not all(is_origin(each) for each in origins):
            raise forms.ValidationError(
                _("An origin looks like https://app.example.jp, without a path.")
            )
        return origins


def is_origin(text: str) -> bool:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    rest = f"{parts.scheme}://{parts.hostname}" + (f":{port}" if port else "")
    return parts.scheme in ("http", "https") and bool(parts.hostname) and rest == text


class KeyForm(forms.Form):
    kind = forms.ChoiceField(label=_("Where the key is used"), choices=KINDS)
    origins = OriginsField()


class OriginsForm(forms.Form):
    origins = OriginsField()


class SourceForm(KeyForm):
    """A new source, or an existing one whose ids the product uses."""

    name = forms.CharField(
        label=_("Name of the product"),
        max_length=120,
        required=False,
        help_text=_("A new source; its ids mean nothing in others."),
    )
    source = forms.ModelChoiceField(
        label=_("Or: its ids are the same as in"),
        queryset=Source.objects.order_by("name"),
        required=False,
        empty_label=_("a source of its own"),
        help_text=_("Then usage finds the customers and people that were imported from there."),
    )
    field_order = ("name", "source", "kind", "origins")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("name") and not cleaned.get("source"):
            self.add_error("name", _("Give the product a name."))
        return cleaned
