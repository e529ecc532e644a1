"""The screen's words for kinds, counts and fields."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from banso.events.fields import CONTRACT

type Labels = Mapping[str, str | Promise]

KIND_LABELS: Labels = {
    "accounts": _("Customers"),
    "people": _("People"),
    "contracts": _("Contracts"),
    "contacts": _("Contacts"),
    "events": _("Usage events"),
    "measurements": _("Values of metrics"),
}

COUNT_LABELS: Labels = {
    "lines": _("rows"),
    "imported": _("imported"),
    "rejected": _("not imported"),
    "on_hold": _("on hold"),
    "duplicates": _("already there"),
    "conflicts": _("contradicting"),
}

FIELD_LABELS: Mapping[str, Labels] = {
    "accounts": {
        "account_id": _("Customer id"),
        "name": _("Customer name"),
        "name_kana": _("Reading of the name"),
        "kind": _("Company or individual"),
        "segment": _("Segment"),
        "touch": _("Touch"),
        "industry": _("Industry"),
        "region": _("Region"),
        "domain": _("Domain or web site"),
        "phone": _("Phone"),
        "postal_code": _("Postal code"),
        "address": _("Address"),
        "owner": _("In charge"),
        "created_at": _("Customer since"),
        "last_contact_on": _("Day of the last contact"),
    },
    "people": {
        "person_id": _("Person id"),
        "account_id": _("Customer id or name"),
        "name": _("Name"),
        "name_kana": _("Reading of the name"),
        "email": _("E-mail"),
        "phone": _("Phone"),
        "title": _("Job title"),
        "first_seen": _("First seen"),
    },
    "contracts": {
        "account_id": _("Customer id or name"),
        "contract_id": _("Contract id"),
        "start_date": _("Contract start"),
        "end_date": _("Contract end"),
        "notice_date": _("Notice deadline"),
        "term_months": _("Term in months"),
        "plan": _("Plan"),
        "seats": _("Seats"),
        "mrr": _("Amount a month"),
        "annual_amount": _("Amount a year"),
        "currency": _("Currency"),
        "status": _("Renewal status"),
        "outcome_known_on": _("Outcome known on"),
        "previous_contract_id": _("Previous contract id"),
    },
    "contacts": {
        "account_id": _("Customer id or name"),
        "occurred_at": _("When"),
        "channel": _("Channel"),
        "person": _("Whom we met"),
        "staff": _("By whom"),
        "summary": _("What was said"),
    },
    "events": {
        "occurred_at": _("When"),
        "account_id": _("Customer id"),
        "person_id": _("Person id"),
        "event": _("Event"),
        "count": _("Count"),
        "message_id": _("Event id"),
    },
    "measurements": {
        "account_id": _("Customer id or name"),
        "metric": _("Metric"),
        "as_of": _("As of"),
        "value": _("Value"),
    },
}


def field_label(kind: str, name: str) -> str | Promise:
    """The screen's word for a field; an accounts file has contract fields beside its own."""
    if name.startswith(CONTRACT):
        return FIELD_LABELS["contracts"][name.removeprefix(CONTRACT)]
    return FIELD_LABELS[kind][name]
