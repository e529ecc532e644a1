"""What managers type about a source."""

from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.ingest.models import Rules, WriteKey

KINDS = [
    (WriteKey.Kind.SERVER, _("For a server: kept secret")),
    (WriteKey.Kind.BROWSER, _("For browsers: public")),
]
RULES = [
    (Rules.Rule.HOLD, _("Put on hold until somebody decides")),
    (Rules.Rule.CREATE, _("Add to Banso")),
    (Rules.Rule.KNOWN, _("Update the known only")),
]
MOST_ORIGINS = 20


class SourceForm(forms.Form):
    name = forms.CharField(label=_("Name of the product"), max_length=120)


class OriginsForm(forms.Form):
    origins = forms.CharField(
        label=_("Pages it may send from"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line, such as https://app.example.com. Empty: from anywhere."),
    )

    def clean_origins(self) -> list[str]:
        words = self.cleaned_data["origins"].split()
        if len(words) > MOST_ORIGINS or not all(is_origin(word) for word in words):
            raise forms.ValidationError(
                _("Write addresses like https://app.example.com, without a path; 20 at most.")
            )
        return list(dict.fromkeys(words))


class KeyForm(OriginsForm):
    kind = forms.ChoiceField(label=_("What the key is for"), choices=KINDS)
    field_order = ("kind", "origins")


class RulesForm(forms.Form):
    accounts = forms.ChoiceField(label=_("Accounts nobody knows yet"), choices=RULES)
    people = forms.ChoiceField(label=_("People nobody knows yet"), choices=RULES)


def is_origin(word: str) -> bool:
    try:
        parts = urlsplit(word)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and word == f"{parts.scheme}://{parts.netloc}"
            and (parts.port is None or parts.port > 0)
            and "@" not in parts.netloc
        )
    except ValueError:
        return False
