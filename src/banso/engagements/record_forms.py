"""What people correct in a customer's or a person's own record."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.engagements.actions import Place
from banso.parties.actions import Card, OrganizationCard, PersonCard
from banso.parties.models import Membership, Party

type Typed = Mapping[str, Any] | None


def text(label: Any, longest: int, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=False, help_text=help_text)


class RecordForm(forms.Form):
    """The name of anybody, and how it is read."""

    name = forms.CharField(
        label=_("Name on record"), max_length=300, error_messages={"required": _("Write the name.")}
    )
    name_kana = text(_("Reading of the name"), 300, _("In kana, such as ヤマダショウジ."))

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class OrganizationForm(RecordForm):
    """Where a company can be reached, and what it does."""

    domain = text(_("Domain or web site"), 253, _("Such as yamada.co.jp."))
    phone = text(_("Phone"), 60)
    postal_code = text(_("Postal code"), 12)
    address = text(_("Address"), 300)
    industry = text(_("Industry"), 120)
    region = text(_("Region"), 120)

    def card(self) -> Card:
        return OrganizationCard(**self.cleaned_data)


class PersonRecordForm(RecordForm):
    """Where a person can be reached."""

    title = text(_("Job title"), 120)
    email = forms.EmailField(
        label=_("Their e-mail"),
        max_length=254,
        required=False,
        error_messages={"invalid": _("Write an address such as name@example.com.")},
    )
    phone = text(_("Phone"), 60)
    language = forms.ChoiceField(
        label=_("Reads mail in"),
        required=False,
        choices=[("", _("As the workspace does")), ("ja", "日本語"), ("en", "English")],
    )
    main = forms.BooleanField(
        label=_("Main contact"),
        required=False,
        help_text=_("Whom messages of plays go to; several may be."),
    )

    def card(self) -> Card:
        names = ("name", "name_kana", "email", "phone")
        return PersonCard(**{name: self.cleaned_data[name] for name in names})

    def place(self) -> Place:
        """What is known of them at this customer's."""
        told = self.cleaned_data
        return Place(told["title"].strip(), told["main"], told["language"])


def record_form(data: Typed, party: Party) -> OrganizationForm | PersonRecordForm:
    """The form of a party's own record."""
    if party.kind == Party.Kind.PERSON:
        form: OrganizationForm | PersonRecordForm = PersonRecordForm(data, initial=known_of(party))
        for name in ("title", "language", "main"):
            del form.fields[name]
        return form
    return OrganizationForm(data, initial=known_of(party))


def person_form(data: Typed, membership: Membership) -> PersonRecordForm:
    """The form of somebody at a customer's."""
    initial = known_of(membership.person) | {
        "title": membership.title,
        "main": membership.main,
    }
    return PersonRecordForm(data, initial=initial)


def known_of(party: Party) -> dict[str, Any]:
    """What is known of a party, by field."""
    details = getattr(party, party.kind, None)
    found = {} if details is None else vars(details)
    return {**found, "name": party.name, "name_kana": party.name_kana}
