"""Customers by the id of the user's own files, and back."""

from collections.abc import Collection

from banso.engagements.models import Engagement
from banso.events.models import ExternalId


def account_ids(engagements: Collection[int]) -> dict[int, str]:
    """The first id a source gave to each engagement."""
    rows = ExternalId.objects.filter(
        kind=ExternalId.Kind.ACCOUNT, engagement__in=list(engagements)
    ).order_by("-id")
    return {
        engagement: value
        for engagement, value in rows.values_list("engagement_id", "value")
        if engagement is not None
    }


def customer(name: str) -> Engagement | None:
    """The engagement of that uid, else the one a source calls so."""
    rows = Engagement.objects.select_related("party")
    named = ExternalId.objects.filter(kind=ExternalId.Kind.ACCOUNT, value=name).order_by("id")
    called = rows.filter(pk__in=named.values("engagement")[:1])
    return rows.filter(uid=name).first() or called.first()
