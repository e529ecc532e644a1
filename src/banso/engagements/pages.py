"""What the pages of a relationship's facts show."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.forms import Form

from banso.core.contracts import ContractTerm, running
from banso.engagements.forms import (
    ContractForm,
    DetailsForm,
    EndForm,
    RateForm,
    ReadersForm,
)
from banso.engagements.models import Contract, Engagement, ExchangeRate
from banso.engagements.values import currencies_without_rate


@dataclass(frozen=True)
class ContractLine:
    """One contract as it stands: running, pending, renewed, churned or coming."""

    uid: str
    start_on: date
    end_on: date
    annual_minor: int | None
    currency: str
    seats: int | None
    plan: str
    state: str


@dataclass(frozen=True)
class DetailsPage:
    uid: str
    name: str
    ended_on: date | None
    contracts: list[ContractLine]
    form: DetailsForm
    end: EndForm
    restricted: bool
    may_restrict: bool


@dataclass(frozen=True)
class ContractPage:
    customer_uid: str
    name: str
    uid: str
    form: ContractForm


@dataclass(frozen=True)
class PersonPage:
    customer_uid: str
    name: str
    form: Form


@dataclass(frozen=True)
class ReadersPage:
    uid: str
    name: str
    owner: str
    restricted: bool
    form: ReadersForm


@dataclass(frozen=True)
class RecordPage:
    """A customer's own record, to correct."""

    uid: str
    name: str
    form: Form


@dataclass(frozen=True)
class RateLine:
    currency: str
    since: date
    rate: Decimal


@dataclass(frozen=True)
class RatesPage:
    own: str
    rates: list[RateLine]
    missing: list[str]
    form: RateForm


def details_page(
    engagement: Engagement,
    form: DetailsForm,
    end: EndForm,
    *,
    today: date,
    may_restrict: bool,
) -> DetailsPage:
    """Who looks after the customer and the contracts, the newest first."""
    rows = engagement.contracts.order_by("-start_on", "-id")
    return DetailsPage(
        engagement.uid,
        engagement.party.name,
        engagement.ended_on,
        [contract_line(row, today) for row in rows],
        form,
        end,
        engagement.restricted,
        may_restrict,
    )


def readers_page(engagement: Engagement, form: ReadersForm) -> ReadersPage:
    return ReadersPage(
        engagement.uid,
        engagement.party.name,
        engagement.owner.name if engagement.owner else engagement.owner_name,
        engagement.restricted,
        form,
    )


def contract_line(row: Contract, today: date) -> ContractLine:
    return ContractLine(
        row.uid,
        row.start_on,
        row.end_on,
        row.annual_minor,
        row.currency,
        row.seats,
        row.plan,
        state_of(row, today),
    )


def state_of(row: Contract, today: date) -> str:
    """coming, running, else the outcome, else pending."""
    if row.start_on > today:
        return "coming"
    if running([ContractTerm(row.pk, row.start_on, row.end_on)], today) and not row.outcome:
        return "running"
    return row.outcome or "pending"


def rates_page(own: str, form: RateForm, today: date) -> RatesPage:
    """The rates written down, the newest first, and the currencies that lack one."""
    rows = ExchangeRate.objects.order_by("currency", "-since")
    return RatesPage(
        own,
        [RateLine(row.currency, row.since, row.rate.normalize()) for row in rows],
        sorted(currencies_without_rate(today)),
        form,
    )
