"""Customers and contracts that tests begin with."""

from datetime import date

from banso.engagements.models import Contract, Engagement
from banso.parties.actions import OrganizationCard, create_parties


def make_customer(name: str = "青空商事", **fields: object) -> Engagement:
    party = create_parties([OrganizationCard(name)])[0]
    return Engagement.objects.create(party=party, **fields)


def make_contract(engagement: Engagement, start: str, end: str, **fields: object) -> Contract:
    """Dates as ISO text, also in `fields`' notice_on and outcome_known_on."""
    days = {
        name: date.fromisoformat(fields.pop(name))
        for name in ("notice_on", "outcome_known_on")
        if name in fields
    }
    return Contract.objects.create(
        engagement=engagement,
        start_on=date.fromisoformat(start),
        end_on=date.fromisoformat(end),
        **({"currency": "JPY", "annual_minor": 1_200_000} | fields | days),
    )
