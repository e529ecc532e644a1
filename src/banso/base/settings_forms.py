"""What administrators choose for the whole workspace: its frame, and its words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.base.forms import CURRENCIES, LANGUAGES, zones
from banso.base.models import Workspace
from banso.base.workspace import fiscal_year, local_today
from banso.core.lexicon import LONGEST, NOUNS, Noun, problem_of

type Typed = Mapping[str, Any] | None
WEEK = [
    (1, _("Monday")),
    (2, _("Tuesday")),
    (3, _("Wednesday")),
    (4, _("Thursday")),
    (5, _("Friday")),
    (6, _("Saturday")),
    (7, _("Sunday")),
]
TIME = {"invalid": _("Write a time such as 20:00.")}
FIELDS = (
    "name",
    "language",
    "timezone",
    "currency",
    "fiscal_month",
    "fiscal_day",
    "working_days",
    "quiet_from",
    "quiet_until",
    "event_months",
)


class WorkspaceForm(forms.Form):
    """Name, language, zone, currency; the year, the week and the hours of the company."""

    name = forms.CharField(label=_("Company"), max_length=200)
    language = forms.ChoiceField(
        label=_("Language of new colleagues and shared pages"), choices=LANGUAGES
    )
    timezone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zones,
        help_text=_("Days begin at midnight here; a change measures everything anew."),
    )
    rebuild = forms.BooleanField(
        label=_("Yes, count everything anew by the days of the new zone"), required=False
    )
    currency = forms.ChoiceField(
        label=_("Currency"),
        choices=[(code, code) for code in CURRENCIES],
        help_text=_("Stakes and contract values are added up in it."),
    )
    fiscal_month = forms.TypedChoiceField(
        label=_("First month of the fiscal year"),
        coerce=int,
        choices=[(month, str(month)) for month in range(1, 13)],
    )
    fiscal_day = forms.IntegerField(
        label=_("and its first day"), min_value=1, max_value=28, help_text=_("From 1 to 28.")
    )
    working_days = forms.TypedMultipleChoiceField(
        label=_("Working days"),
        coerce=int,
        choices=WEEK,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day.")},
    )
    quiet_from = forms.TimeField(
        label=_("No mail from"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages=TIME,
    )
    quiet_until = forms.TimeField(
        label=_("No mail until"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages=TIME,
        help_text=_("Colleagues may choose their own; both empty: at any hour."),
    )
    event_months = forms.IntegerField(
        label=_("Months for which events are kept"),
        required=False,
        min_value=1,
        max_value=1200,
        help_text=_("Whole months before the running one; empty: for good."),
    )
    drop = forms.BooleanField(label=_("Yes, older events go for good"), required=False)

    def __init__(self, data: Typed = None, *, workspace: Workspace) -> None:
        super().__init__(data, initial={name: getattr(workspace, name) for name in FIELDS})
        self.workspace = workspace
        if not self.asks_rebuild():
            del self.fields["rebuild"]
        if not self.asks_drop():
            del self.fields["drop"]

    def asks_rebuild(self) -> bool:
        """Another zone was chosen: what it costs is said before it is done."""
        return self.is_bound and self.data.get("timezone") != self.workspace.timezone

    def asks_drop(self) -> bool:
        """Fewer months are to be kept than now: what is lost is said before it is."""
        before, told = self.workspace.event_months, str(self.data.get("event_months", "")).strip()
        return self.is_bound and told.isdigit() and (before is None or int(told) < before)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.asks_drop() and not cleaned.get("drop"):
            self.add_error("drop", _("Older events cannot be brought back. Confirm it."))
        if self.asks_rebuild() and not cleaned.get("rebuild"):
            problem = _("Another zone moves every event to the day it was there. Confirm it.")
            self.add_error("rebuild", problem)
        begins, ends = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if (begins is None) != (ends is None):
            self.add_error("quiet_until", _("Give both hours, or none."))
        elif begins is not None and begins == ends:
            self.add_error("quiet_until", _("The two hours are the same: that is never quiet."))
        return cleaned

    def choices(self) -> dict[str, object]:
        return {name: self.cleaned_data[name] for name in FIELDS}

    @property
    def this_year(self) -> tuple[date, date]:
        """The first and the last day of the fiscal year we are in."""
        first, following = fiscal_year(local_today(self.workspace), self.workspace)
        return first, following - timedelta(days=1)


@dataclass(frozen=True)
class NounRow:
    """A noun of the product and the fields for the company's own."""

    noun: Noun
    ja: forms.BoundField
    one: forms.BoundField
    many: forms.BoundField


class WordsForm(forms.Form):
    """For each noun of the limited set: in Japanese, and in English for one and for many."""

    def __init__(self, data: Typed = None, *, workspace: Workspace) -> None:
        super().__init__(data)
        for key, form, own in forms_of_nouns():
            self.fields[f"{key}-{form}"] = word_field(own, form)
            self.initial[f"{key}-{form}"] = workspace.words.get(key, {}).get(form, "")

    def rows(self) -> Sequence[NounRow]:
        return [
            NounRow(noun, self[f"{key}-ja"], self[f"{key}-one"], self[f"{key}-many"])
            for key, noun in NOUNS.items()
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, word in list(cleaned.items()):
            if word and problem_of(word):
                self.add_error(name, _("Letters, digits, spaces and hyphens only."))
        return cleaned

    def words(self) -> dict[str, dict[str, str]]:
        """What differs from the product's own words."""
        found: dict[str, dict[str, str]] = {}
        for key, form, own in forms_of_nouns():
            word = " ".join(self.cleaned_data[f"{key}-{form}"].split())
            if word and word != own:
                found.setdefault(key, {})[form] = word
        return found


def forms_of_nouns() -> Iterator[tuple[str, str, str]]:
    """(noun, form, the product's own word) of each."""
    for key, noun in NOUNS.items():
        yield from ((key, "ja", noun.ja), (key, "one", noun.one), (key, "many", noun.many))


def word_field(own: str, form: str) -> forms.CharField:
    labels: Mapping[str, Any] = {
        "ja": "日本語",
        "one": _("English, one"),
        "many": _("English, many"),
    }
    label = labels[form]
    spoken = {"aria-label": f"{own}: {label}"}
    return forms.CharField(
        label=label, required=False, max_length=LONGEST, widget=forms.TextInput(spoken)
    )
