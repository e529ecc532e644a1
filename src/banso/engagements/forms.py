"""What people type about a relationship, its contracts and exchange rates."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.base.models import User
from banso.core.money import CURRENCIES, exponent
from banso.core.parsing import Problem, parse_money, parse_whole
from banso.core.text import key
from banso.engagements.access import owners
from banso.engagements.actions import ContractSheet
from banso.engagements.models import Contract, Engagement
from banso.parties.actions import PersonCard
from banso.parties.models import Membership

TOUCHES = [
    ("high", _("High touch: one by one")),
    ("low", _("Low touch: a person when needed")),
    ("tech", _("Tech touch: no person expected")),
]
OUTCOMES = [
    ("", _("Not decided yet")),
    ("renewed", _("Renewed")),
    ("churned", _("Not renewed")),
]
MOST_SEATS = 10_000_000
LARGEST_MINOR = 10**17
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
type Typed = Mapping[str, Any] | None


def within_days(value: date) -> None:
    """Dates further away are slips of the hand, and months cannot be counted on from them."""
    if not FIRST_DAY <= value <= LAST_DAY:
        raise forms.ValidationError(_("Write a date such as 2026-04-30."))


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        validators=[within_days],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "invalid": _("Write a date such as 2026-04-30."),
            "required": _("Write a date such as 2026-04-30."),
        },
    )


def currency_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Currency"), choices=[(code, code) for code in sorted(CURRENCIES)]
    )


class DetailsForm(forms.Form):
    """Who looks after the customer, and how."""

    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Owner"), required=False, to_field_name="uid"
    )
    segment = forms.CharField(
        label=_("Segment"),
        max_length=120,
        required=False,
        help_text=_("A word of your own, such as Enterprise; it carries its standard plan."),
    )
    touch = forms.ChoiceField(label=_("Touch"), choices=TOUCHES)

    def __init__(self, data: Typed = None, *, engagement: Engagement) -> None:
        owner = engagement.owner
        initial = {"segment": engagement.segment, "touch": engagement.touch}
        super().__init__(data, initial=initial | {"owner": owner.uid if owner else ""})
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = owners()
        field.empty_label = str(_("Nobody yet"))


class ReadersForm(forms.Form):
    """Who reads the customer: all colleagues, or only those named, and why."""

    restricted = forms.ChoiceField(
        label=_("Who reads this customer"),
        choices=[
            ("", _("All colleagues")),
            ("1", _("Only the owner, administrators and the colleagues named below")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("Those who may read the customer see it. For example: an open merger talk."),
    )
    readers = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("Colleagues who read it too"),
        required=False,
        to_field_name="uid",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Typed = None, *, engagement: Engagement, staff: Any) -> None:
        named = engagement.readers.values_list("user__uid", flat=True)
        initial = {
            "restricted": "1" if engagement.restricted else "",
            "reason": engagement.restricted_reason,
            "readers": list(named),
        }
        super().__init__(data, initial=initial)
        field = self.fields["readers"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = staff

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("restricted") and not (cleaned.get("reason") or "").strip():
            self.add_error("reason", _("Say in one line why only some may read it."))
        return cleaned


class EndForm(forms.Form):
    """The day from which the relationship is over."""

    on = day_field(_("Over from"))

    def __init__(self, data: Typed = None, *, engagement: Engagement, today: date) -> None:
        super().__init__(data, initial={"on": today})
        self.engagement, self.today = engagement, today

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        began = self.engagement.started_on
        if began is not None and on < began:
            raise forms.ValidationError(_("The end lies after the start."))
        if on > self.today:
            raise forms.ValidationError(_("Choose today or an earlier day."))
        return on


class ContractForm(forms.Form):
    """A contract; the yearly value in units of its currency, as people write it."""

    start_on = day_field(_("Contract start"))
    end_on = day_field(_("Contract end"), help_text=_("The first day without it."))
    notice_on = day_field(
        _("Notice until"), required=False, help_text=_("The last day to give notice.")
    )
    annual = forms.CharField(
        label=_("Contract value per year"),
        max_length=40,
        required=False,
        help_text=_("For example 1,200,000 or 120万円."),
    )
    currency = currency_field()
    seats = forms.CharField(label=_("Seats"), max_length=20, required=False)
    plan = forms.CharField(label=_("Plan name"), max_length=120, required=False)
    reference = forms.CharField(label=_("Contract number"), max_length=120, required=False)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=OUTCOMES, required=False)
    outcome_known_on = day_field(
        _("Known since"),
        required=False,
        help_text=_("Left empty, it counts from the contract's end."),
    )

    def clean_seats(self) -> int | None:
        found = parse_whole(self.cleaned_data["seats"])
        if isinstance(found, Problem) or (found is not None and not 0 <= found <= MOST_SEATS):
            raise forms.ValidationError(_("Write a whole number such as 28."))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start_on"), cleaned.get("end_on")
        if start and end and end <= start:
            self.add_error("end_on", _("The end lies after the start."))
        notice = cleaned.get("notice_on")
        if notice and end and notice > end:
            self.add_error("notice_on", _("Notice is given before the end."))
        if cleaned.get("currency"):
            self.read_value(cleaned)
        return cleaned

    def read_value(self, cleaned: dict[str, Any]) -> None:
        found = parse_money(cleaned.get("annual") or "", cleaned["currency"])
        if isinstance(found, Problem) and found.code == "other_currency":
            self.add_error("annual", _("The amount is in another currency than the one chosen."))
        elif isinstance(found, Problem) or (found and not 0 <= found.minor <= LARGEST_MINOR):
            self.add_error("annual", _("Write an amount such as 1,200,000."))
        else:
            cleaned["annual_minor"] = None if found is None else found.minor

    def sheet(self) -> ContractSheet:
        """The contract of a valid form."""
        told = dict(self.cleaned_data)
        del told["annual"]
        known = told.pop("outcome_known_on") or told["end_on"]
        return ContractSheet(**told, outcome_known_on=known if told["outcome"] else None)


class PersonForm(forms.Form):
    """Somebody at the customer's: a name is enough."""

    name = forms.CharField(
        label=_("Person’s name"),
        max_length=300,
        error_messages={"required": _("Write the person's name.")},
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )
    title = forms.CharField(label=_("Job title"), max_length=120, required=False)
    email = forms.EmailField(
        label=_("Their e-mail"),
        max_length=254,
        required=False,
        error_messages={"invalid": _("Write an address such as name@example.com.")},
    )

    def __init__(self, data: Typed = None, *, engagement: Engagement) -> None:
        super().__init__(data)
        self.engagement = engagement

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        there = Membership.objects.filter(
            home=self.engagement.party_id, until=None, person__merged_into=None
        )
        if there.filter(person__name_key=key(name)).exists():
            raise forms.ValidationError(_("A person of this name is on record already."))
        return name

    def card(self) -> PersonCard:
        return PersonCard(self.cleaned_data["name"], self.cleaned_data["email"])


class RateForm(forms.Form):
    """What one unit of a currency is worth in the workspace's, from a day on."""

    currency = currency_field()
    since = day_field(_("From"))
    rate = forms.DecimalField(
        label=_("Rate"),
        max_digits=18,
        decimal_places=8,
        help_text=_("How much of your own currency one unit is worth, such as 150.25."),
    )

    def __init__(self, data: Typed = None, *, own: str, today: date, used: str = "") -> None:
        super().__init__(data, initial={"since": today, "currency": used or "USD"})
        self.own = own

    def clean_currency(self) -> str:
        currency: str = self.cleaned_data["currency"]
        if currency == self.own:
            raise forms.ValidationError(_("That is your own currency."))
        return currency

    def clean_rate(self) -> Decimal:
        rate: Decimal = self.cleaned_data["rate"]
        if rate <= 0:
            raise forms.ValidationError(_("A rate is more than 0."))
        return rate


def initial_of(contract: Contract | None, currency: str) -> dict[str, Any]:
    """What the form shows of a contract, or of a new one."""
    if contract is None:
        return {"currency": currency}
    names = ("start_on", "end_on", "notice_on", "currency", "seats", "plan", "reference")
    told = {name: getattr(contract, name) for name in (*names, "outcome", "outcome_known_on")}
    return told | {"annual": major(contract.annual_minor, contract.currency)}


def major(minor: int | None, currency: str) -> str:
    """Minor units as the plain text of an amount."""
    if minor is None:
        return ""
    return f"{Decimal(minor).scaleb(-exponent(currency)):f}"
