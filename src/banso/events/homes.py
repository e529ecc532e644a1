"""Which engagement a file means: by the source's id, else by the one account of that name."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from banso.core.text import key
from banso.engagements.models import Engagement
from banso.events.models import ExternalId


@dataclass(frozen=True)
class Home:
    """An engagement and its party; `ambiguous` when several accounts go by that name."""

    engagement_id: int
    party_id: int
    ambiguous: bool = False


def homes_of(source: int, accounts: Collection[str]) -> dict[str, Home]:
    """The engagement behind each of these ids or names that has one."""
    rows = ExternalId.objects.filter(
        source=source, kind=ExternalId.Kind.ACCOUNT, value__in=list(accounts)
    )
    found = {
        value: Home(engagement, party)
        for value, engagement, party in rows.values_list(
            "value", "engagement_id", "engagement__party_id"
        )
    }
    rest = {account for account in accounts if account not in found}
    return found | _by_name(rest) if rest else found


def _by_name(names: Collection[str]) -> dict[str, Home]:
    keys = {name: key(name, strip_legal_form=True) for name in names}
    rows = Engagement.objects.filter(merged_into=None, party__name_key__in=set(keys.values()))
    called: dict[str, list[Home]] = defaultdict(list)
    for name, engagement, party in rows.values_list("party__name_key", "id", "party_id"):
        called[name].append(Home(engagement, party))
    return {
        name: Home(0, 0, ambiguous=True) if len(called[folded]) > 1 else called[folded][0]
        for name, folded in keys.items()
        if called[folded]
    }
