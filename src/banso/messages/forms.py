"""What people type: a message, what they were told of somebody, where to post."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from banso.assets.models import AssetVersion
from banso.base import outgoing
from banso.base.fields import new_uid
from banso.base.workspace import local_today
from banso.engagements.models import Engagement
from banso.messages.actions import Cause
from banso.messages.letters import LONGEST_TITLE, Words, letter_for, words_of
from banso.messages.people import Reader

LONGEST = 40_000
LABELS = {
    "title_ja": gettext_lazy("Subject in Japanese"),
    "title_en": gettext_lazy("Subject in English"),
    "body_ja": gettext_lazy("Text in Japanese"),
    "body_en": gettext_lazy("Text in English"),
}


class MessageForm(forms.Form):
    """A message from a template in the languages it is written in, and to whom. `letter` names
    this one piece of writing, so that sending it twice sends it once."""

    letter = forms.RegexField(r"^[a-z0-9]{16}$", widget=forms.HiddenInput)
    people = forms.MultipleChoiceField(error_messages={"required": gettext_lazy("Choose to whom.")})

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        version: AssetVersion,
        engagement: Engagement,
        readers: Sequence[Reader],
        chosen: Sequence[str],
    ) -> None:
        said = words_of(version)
        initial = {"letter": new_uid(), "people": list(chosen)}
        initial |= {f"title_{each}": said.title[each] for each in said.languages}
        initial |= {f"body_{each}": said.body[each] for each in said.languages}
        super().__init__(data, initial=initial)
        self.languages, self.engagement = said.languages, engagement
        self.readers = {each.at.uid: each for each in readers if not each.barred}
        people = self.fields["people"]
        assert isinstance(people, forms.MultipleChoiceField)
        people.choices = [(uid, each.at.name) for uid, each in self.readers.items()]
        for language in said.languages:
            self.add_texts(language)

    def add_texts(self, language: str) -> None:
        title, body = f"title_{language}", f"body_{language}"
        rows = {"rows": 12, "lang": language, "spellcheck": "true"}
        self.fields[title] = forms.CharField(
            label=LABELS[title],
            max_length=LONGEST_TITLE,
            required=False,
            widget=forms.TextInput({"lang": language, "autocomplete": "off"}),
        )
        self.fields[body] = forms.CharField(
            label=LABELS[body], max_length=LONGEST, required=False, widget=forms.Textarea(rows)
        )

    @property
    def texts(self) -> list[forms.BoundField]:
        return [self[f"{part}_{each}"] for each in self.languages for part in ("title", "body")]

    def chosen(self) -> list[str]:
        """The uids of those who are ticked."""
        found = self["people"].value() or []
        return [str(each) for each in found if each in self.readers]

    def typed_words(self) -> Words:
        """What stands in the fields, checked or not."""
        said = {
            part: {each: self[f"{part}_{each}"].value() or "" for each in self.languages}
            for part in ("title", "body")
        }
        return Words(
            {each: text.strip()[:LONGEST_TITLE] for each, text in said["title"].items()},
            {each: text.strip()[:LONGEST] for each, text in said["body"].items()},
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        words = self.typed_words()
        for each in self.languages:
            if bool(words.title[each]) != bool(words.body[each]):
                name = f"{'body' if words.title[each] else 'title'}_{each}"
                self.add_error(name, _("Write both a subject and a text, or neither."))
        if not words.languages:
            self.add_error(f"title_{self.languages[0]}", _("Write a subject and a text."))
        if not self.errors:
            self.check_gaps(words)
        return cleaned

    def check_gaps(self, words: Words) -> None:
        """Nobody gets a text with a field that stayed empty."""
        today = local_today()
        for each in self.chosen_readers():
            letter = letter_for(words, self.engagement, each, today)
            if letter.missing:
                told = {
                    "name": each.at.name,
                    "fields": pgettext("between items", ", ").join(letter.missing),
                }
                problem = _("Nothing is known for %(fields)s of %(name)s.") % told
                self.add_error(f"body_{letter.language}", problem)

    def chosen_readers(self) -> list[Reader]:
        return [self.readers[uid] for uid in self.chosen()]

    def cause(self) -> Cause:
        return Cause(f"hand {self.cleaned_data['letter']}")


class WebhookForm(forms.Form):
    """Where to post."""

    address = forms.CharField(
        label=gettext_lazy("Address to post to"),
        max_length=2000,
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "off"}),
        help_text=gettext_lazy("Such as https://example.com/banso; it is not shown again."),
        error_messages={"required": gettext_lazy("Write the address.")},
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"].strip()
        try:
            outgoing.checked(address)
        except outgoing.Refused as refused:
            raise forms.ValidationError(
                _("Write an address that begins with https://.")
            ) from refused
        return address
