"""One customer typed by hand."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from banso.base.models import User, Workspace
from banso.core.cells import Problem
from banso.core.parsing import parse_money
from banso.core.text import key
from banso.desk.composer import writers
from banso.engagements.access import engagements
from banso.engagements.actions import ContractSheet, add_contract, add_engagement
from banso.engagements.forms import LARGEST_MINOR, within_days
from banso.engagements.models import Engagement
from banso.parties.actions import OrganizationCard, PersonCard, create_parties
from banso.parties.models import Party

KINDS = [("organization", _("Organization")), ("person", _("Individual"))]
TOUCHES = [
    ("high", _("High touch: one by one")),
    ("low", _("Low touch: a person when needed")),
    ("tech", _("Tech touch: no person expected")),
]

KEPT = ("kind", "segment", "touch", "owner")
NOTHING: Mapping[str, str] = {}


class CustomerForm(forms.Form):
    """Name and owner are enough; value and end make a contract, which ranks the customer."""

    name = forms.CharField(
        label=_("Customer’s name"),
        max_length=300,
        error_messages={"required": _("Write the customer's name.")},
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, widget=forms.RadioSelect)
    segment = forms.CharField(
        label=_("Segment"),
        max_length=120,
        required=False,
        help_text=_("A word of your own, such as Enterprise; it carries its standard plan."),
    )
    touch = forms.ChoiceField(label=_("Touch"), choices=TOUCHES)
    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Owner"), required=False, to_field_name="uid"
    )
    annual = forms.CharField(
        label=_("Contract value per year"),
        required=False,
        max_length=40,
        help_text=_("For example 1,200,000 or 120万円."),
    )
    start_on = forms.DateField(
        label=_("Contract start"),
        required=False,
        validators=[within_days],
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("Write a date such as 2026-04-30.")},
    )
    end_on = forms.DateField(
        label=_("Contract end"),
        required=False,
        validators=[within_days],
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Without it, a contract runs one year."),
        error_messages={"invalid": _("Write a date such as 2026-04-30.")},
    )

    notice_on = forms.DateField(
        label=_("Notice until"),
        required=False,
        validators=[within_days],
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The last day on which the customer can give notice."),
        error_messages={"invalid": _("Write a date such as 2026-04-30.")},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        user: User,
        workspace: Workspace,
        today: date,
        before: Mapping[str, str] = NOTHING,
    ) -> None:
        """`before` holds what the customer typed just before had; it is offered again."""
        first = {"kind": "organization", "touch": "high", "owner": user.uid}
        super().__init__(data, initial=first | {k: before[k] for k in KEPT if k in before})
        self.user, self.workspace, self.today = user, workspace, today
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = writers()
        owner.empty_label = str(_("Nobody yet"))

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        kind = self.data.get("kind")
        folded = key(name, strip_legal_form=kind == Party.Kind.ORGANIZATION)
        there = engagements(self.user).filter(party__kind=kind, party__name_key=folded)
        if there.exists():
            raise forms.ValidationError(_("A customer of this name is in the list already."))
        return name

    def clean_annual(self) -> int | None:
        found = parse_money(self.cleaned_data["annual"], self.workspace.currency)
        if isinstance(found, Problem) or (
            found is not None and not 0 <= found.minor <= LARGEST_MINOR
        ):
            raise forms.ValidationError(
                _("Write an amount in %(currency)s, such as 1,200,000."),
                params={"currency": self.workspace.currency},
            )
        return None if found is None else found.minor

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start = cleaned.get("start_on") or self.today
        end = cleaned.get("end_on")
        if end is not None and end <= start:
            if cleaned.get("start_on") is None:
                self.add_error("start_on", _("Write the start of a contract that has ended."))
            else:
                self.add_error("end_on", _("The end lies after the start."))
        self.check_notice(cleaned, end or a_year_after(start))
        return cleaned

    def check_notice(self, cleaned: dict[str, Any], end: date) -> None:
        notice = cleaned.get("notice_on")
        if notice is not None and notice > end:
            self.add_error("notice_on", _("Notice is given before the end."))

    def kept(self) -> dict[str, str]:
        """What the next customer typed probably shares with this one."""
        return {name: self.data[name] for name in KEPT if self.data.get(name)}

    def sheet(self) -> ContractSheet | None:
        """The contract that was typed; None without value, end and notice."""
        typed = self.cleaned_data
        annual, end, notice = typed["annual"], typed["end_on"], typed["notice_on"]
        if annual is None and end is None and notice is None:
            return None
        start = typed["start_on"] or self.today
        return ContractSheet(
            start_on=start,
            end_on=end or a_year_after(start),
            currency=self.workspace.currency,
            annual_minor=annual,
            notice_on=notice,
        )

    @transaction.atomic
    def add(self, *, by: User) -> Engagement:
        """Write the customer down, with the contract if one was typed."""
        typed = self.cleaned_data
        card = PersonCard(typed["name"]) if typed["kind"] == "person" else None
        [party] = create_parties([card or OrganizationCard(typed["name"])])
        engagement = add_engagement(
            party=party,
            by=by,
            owner=typed["owner"],
            segment=typed["segment"].strip(),
            touch=typed["touch"],
        )
        if (sheet := self.sheet()) is not None:
            add_contract(engagement=engagement, sheet=sheet, by=by)
        return engagement


def a_year_after(day: date) -> date:
    """The same day next year; 1 March after a leap day."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)
