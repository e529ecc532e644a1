"""What is typed while an asset is used: how a talk went, whom something was shown to."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from banso.actions.forms import ContactForm
from banso.assets.models import Asset, Showing, Walkthrough
from banso.assets.walkthroughs import Marks, Talk
from banso.base.models import User
from banso.parties.models import Party

_NUMBER = re.compile(r"[0-9]{1,4}")
_FORK = re.compile(r"fork-[0-9]{1,4}")
OUTCOMES = [
    (Walkthrough.Outcome.REACHED, _("Reached what it is for")),
    (Walkthrough.Outcome.PARTLY, _("Partly")),
    (Walkthrough.Outcome.NOT_REACHED, _("Not reached")),
    (Walkthrough.Outcome.NO_ANSWER, _("No answer")),
]
PLAYED = OUTCOMES[:3]
REACTIONS = [
    (Showing.Reaction.HELPED, _("It helped")),
    (Showing.Reaction.PARTLY, _("Partly")),
    (Showing.Reaction.NOT_HELPED, _("It did not help")),
]


class LogForm(ContactForm):
    """How a scripted talk went; one press on an outcome is enough."""

    outcome = forms.ChoiceField(
        choices=OUTCOMES, error_messages={"required": _("Choose how the talk went.")}
    )
    summary = forms.CharField(max_length=10_000, required=False)

    def talk(self) -> Talk:
        told = self.cleaned_data
        return Talk(
            outcome=told["outcome"],
            summary=told["summary"].strip(),
            channel=told["channel"],
            occurred_at=self.occurred_at(),
            people=list(told["people"]),
            next_step=self.next_step(),
        )


class RolePlayForm(forms.Form):
    """How a role-play went, and what the two take from it."""

    outcome = forms.ChoiceField(
        choices=PLAYED, error_messages={"required": _("Choose how the talk went.")}
    )
    note = forms.CharField(max_length=4000, required=False)


class PartnerForm(forms.Form):
    partner = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Colleague"),
        to_field_name="uid",
        error_messages={"required": _("Choose a colleague to play with.")},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, partners: QuerySet[User]) -> None:
        super().__init__(data)
        self.partners = partners
        partner = self.fields["partner"]
        assert isinstance(partner, forms.ModelChoiceField)
        partner.queryset = partners


class ShowForm(forms.Form):
    """What was shown, and to whom of theirs."""

    asset = forms.ModelChoiceField(
        Asset.objects.none(),
        label=_("What was shown"),
        to_field_name="uid",
        error_messages={"required": _("Choose what was shown.")},
    )
    person = forms.ModelChoiceField(
        Party.objects.none(), label=_("To whom"), required=False, to_field_name="uid"
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        assets: QuerySet[Asset],
        people: QuerySet[Party],
    ) -> None:
        super().__init__(data)
        for name, rows in {"asset": assets, "person": people}.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows


class ReactionForm(forms.Form):
    """They went through it, or how it was for them."""

    finished = forms.BooleanField(required=False)
    reaction = forms.ChoiceField(choices=REACTIONS, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("finished") and not cleaned.get("reaction"):
            raise forms.ValidationError(_("Choose what became of it."))
        return cleaned


def marks_of(data: QueryDict) -> Marks:
    """What is ticked and chosen in the form of a script."""
    ticks = {int(each) for each in data.getlist("tick") if _NUMBER.fullmatch(each)}
    forks = {int(name[5:]): data[name] for name in data if _FORK.fullmatch(name)}
    return Marks(ticks, {number: str(to) for number, to in forks.items()})
