"""What people type about an asset, and the kind words when it cannot be taken."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from banso.assets.actions import LANGUAGES, MOST_BYTES, Sheet
from banso.assets.models import Asset
from banso.base.models import User
from banso.core.markdown import lost_links, lost_pictures
from banso.core.placeholders import names, unknown
from banso.core.scripts import script_of
from banso.engagements.access import owners
from banso.web.formats import language

LONGEST = 40_000
REVIEW_DAYS = 180
MOST_MINUTES = 100_000
type Typed = Mapping[str, Any] | None
LABELS = {
    "title_ja": _("Title in Japanese"),
    "title_en": _("Title in English"),
    "body_ja": _("Text in Japanese"),
    "body_en": _("Text in English"),
}
AUDIENCES = [
    (Asset.Audience.INTERNAL, _("Colleagues only")),
    (Asset.Audience.CUSTOMERS, _("Customers with a private link")),
    (Asset.Audience.PUBLIC, _("Anybody, without signing in")),
]


class AssetForm(forms.Form):
    """Title and text in both languages, one of them complete; who looks after it, and until when
    it may be trusted."""

    title_ja = forms.CharField(label=LABELS["title_ja"], max_length=200, required=False)
    body_ja = forms.CharField(label=LABELS["body_ja"], max_length=LONGEST, required=False)
    title_en = forms.CharField(label=LABELS["title_en"], max_length=200, required=False)
    body_en = forms.CharField(label=LABELS["body_en"], max_length=LONGEST, required=False)
    owner = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Owner"),
        required=False,
        to_field_name="uid",
        help_text=_("Who is asked when it is not right any more."),
    )
    review_by = forms.DateField(
        label=_("Review by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("Write a date such as 2026-04-30.")},
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Typed = None, *, kind: str, pictures: Sequence[str] = (), **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.kind, self.pictures = kind, pictures
        for each in LANGUAGES:
            rows = {"rows": 14, "spellcheck": "true", "lang": each}
            self.fields[f"body_{each}"].widget = forms.Textarea(attrs=rows)
            self.fields[f"title_{each}"].widget.attrs |= {"lang": each, "autocomplete": "off"}
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = owners()
        owner.empty_label = gettext("Nobody yet")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for each in LANGUAGES:
            self.check_language(each, cleaned.get(f"title_{each}"), cleaned.get(f"body_{each}"))
        if not self.errors and not any(cleaned.get(f"body_{each}") for each in LANGUAGES):
            self.add_error(f"title_{language()}", _("Write a title and a text in one language."))
        return cleaned

    def check_language(self, spoken: str, title: str | None, body: str | None) -> None:
        if body and not title:
            self.add_error(f"title_{spoken}", _("Give this text a title."))
        if title and not body:
            self.add_error(f"body_{spoken}", _("Write the text that belongs to this title."))
        for problem in problems(self.kind, body or "", self.pictures):
            self.add_error(f"body_{spoken}", problem)
        if self.kind == Asset.Kind.TEMPLATE and title and unknown(title):
            self.add_error(f"title_{spoken}", unknown_fields(title))

    def sheet(self) -> Sheet:
        told = self.cleaned_data
        return Sheet(
            title={each: " ".join(told[f"title_{each}"].split()) for each in LANGUAGES},
            body={each: told[f"body_{each}"].replace("\r\n", "\n") for each in LANGUAGES},
            owner=told["owner"],
            review_by=told["review_by"],
        )

    def unmarked(self) -> "AssetForm":
        """What was typed so far, without a word about what is wrong."""
        typed = {name: self[name].value() for name in self.fields}
        return AssetForm(kind=self.kind, pictures=self.pictures, initial=typed)

    @property
    def typed(self) -> dict[str, dict[str, str]]:
        """{language: {title, body}} as it stands in the fields, right or not."""
        return {
            each: {
                "title": str(self[f"title_{each}"].value() or ""),
                "body": str(self[f"body_{each}"].value() or "")[:LONGEST],
            }
            for each in LANGUAGES
        }

    @property
    def texts(self) -> list[forms.BoundField]:
        """Titles and texts, the reader's language first."""
        spoken = sorted(LANGUAGES, key=lambda each: each != language())
        return [self[f"{name}_{each}"] for each in spoken for name in ("title", "body")]

    @property
    def placeholders(self) -> list[str]:
        """What a template may be filled with, as it is written."""
        if self.kind != Asset.Kind.TEMPLATE:
            return []
        return [f"{{{each}}}" for each in names(language())]


def problems(kind: str, body: str, pictures: Sequence[str]) -> Iterator[str]:
    """What a text asks for that is not there."""
    if lost := lost_pictures(body, pictures):
        yield gettext("There is no picture called %(names)s.") % {"names": listed(lost)}
    if lost := lost_links(body):
        told = {"names": listed([f"#{each}" for each in lost])}
        yield gettext("No heading is called %(names)s.") % told
    if kind == Asset.Kind.TEMPLATE and unknown(body):
        yield unknown_fields(body)
    if (
        kind == Asset.Kind.SCRIPT
        and body
        and not any(step.title for step in script_of(body, {}).steps)
    ):
        yield gettext("Begin each step of a script with a heading: a line that begins with #.")


def unknown_fields(text: str) -> str:
    told = {
        "names": listed([f"{{{each}}}" for each in unknown(text)]),
        "known": listed([f"{{{each}}}" for each in names(language())]),
    }
    return gettext("No field is called %(names)s. There are: %(known)s.") % told


def listed(words: Sequence[str]) -> str:
    return ("、" if language() == "ja" else ", ").join(words)


def initial_of(asset: Asset) -> dict[str, Any]:
    """What the form shows of an asset."""
    words = {f"title_{each}": asset.title.get(each, "") for each in LANGUAGES}
    words |= {f"body_{each}": asset.body.get(each, "") for each in LANGUAGES}
    owner = asset.owner.uid if asset.owner else ""
    day = asset.review_by.isoformat() if asset.review_by else ""
    return {**words, "owner": owner, "review_by": day, "revision": asset.revision}


def first_of(by: User, today: date) -> dict[str, Any]:
    """What a new asset's form begins with."""
    day = today + timedelta(days=REVIEW_DAYS)
    return {"owner": by.uid, "review_by": day.isoformat()}


class PublishForm(forms.Form):
    """What is new, and what it took."""

    note = forms.CharField(
        label=_("What is new"),
        max_length=300,
        required=False,
        help_text=_("One line for colleagues, in the history."),
    )
    minutes = forms.IntegerField(
        label=_("Minutes it took"),
        required=False,
        min_value=0,
        max_value=MOST_MINUTES,
        help_text=_("With it, the cost of each showing can be told."),
        error_messages={
            "invalid": _("Write a whole number of minutes."),
            "min_value": _("Write a whole number of minutes."),
            "max_value": _("That is more than a year's work."),
        },
    )


class ReviewForm(forms.Form):
    """Still right; until when?"""

    review_by = forms.DateField(
        label=_("Review by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("Write a date such as 2026-04-30.")},
    )

    def __init__(self, data: Typed = None, *, today: date) -> None:
        super().__init__(data, initial={"review_by": today + timedelta(days=REVIEW_DAYS)})
        self.today = today

    def clean_review_by(self) -> date | None:
        day: date | None = self.cleaned_data["review_by"]
        if day is not None and day <= self.today:
            raise forms.ValidationError(_("Choose a day after today."))
        return day


class AudienceForm(forms.Form):
    audience = forms.ChoiceField(
        label=_("Who may read it"),
        choices=AUDIENCES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who may read it.")},
    )


class PictureForm(forms.Form):
    """One picture from the own computer."""

    picture = forms.FileField(
        label=_("Picture"),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/gif,image/webp"}),
        error_messages={
            "required": _("Choose a picture first."),
            "empty": _("This file is empty."),
        },
    )

    def clean_picture(self) -> "UploadedFile[bytes]":
        picture: UploadedFile[bytes] = self.cleaned_data["picture"]
        if (picture.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("A picture may have 2 MB at most."))
        return picture
