"""The answer of `banso lookback`."""

from datetime import date
from typing import Any

from banso.base.workspace import local_today
from banso.cli.accounts import account_ids
from banso.cli.output import Answer
from banso.core.estimate import Estimate
from banso.core.lookback import Lookback
from banso.engagements.models import Engagement
from banso.goals.lookback import LostCustomer, look_back
from banso.goals.wording import lookback_text


def record(as_of: date | None) -> Answer:
    """{since, until, lost, rules: {name: {caught, share, ...}}, customers: [...]}."""
    found = look_back(as_of or local_today())
    ids = [each.engagement_id for each in found.losses]
    engagements = Engagement.objects.select_related("party").in_bulk(ids)
    accounts = account_ids(ids)
    return {
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "lost": len(found.losses),
        "rules": {name: rule_of(rule) for name, rule in found.rules.items()},
        "customers": [
            {
                "uid": engagements[each.engagement_id].uid,
                "account": accounts.get(each.engagement_id),
                "name": engagements[each.engagement_id].party.name,
                **customer_of(each),
            }
            for each in found.losses
        ],
    }


def rule_of(rule: Lookback) -> dict[str, object]:
    known = rule.share if isinstance(rule.share, Estimate) else None
    return {
        "caught": rule.caught,
        "share": known.value if known else None,
        "low": known.low if known else None,
        "high": known.high if known else None,
        "by_chance": rule.by_chance,
    }


def customer_of(each: LostCustomer) -> dict[str, object]:
    return {
        "ended_on": each.ended_on.isoformat(),
        "looked_at": each.looked_at.isoformat(),
        "of": each.n,
        "ranks": dict(each.ranks),
        "gap": each.standing.gap if each.standing else None,
        "plan": each.standing.plan if each.standing else None,
        "missed": each.missed.cause if each.missed else None,
    }


def as_text(answer: Answer) -> str:
    customers: Any = answer["customers"]
    lines = [
        f"{each['looked_at']}  {each['ranks']['banso'] or '-':>5}/{each['of']:<5}  {each['name']}"
        f"  {each['missed'] or '✓'}"
        for each in customers
    ]
    missed = [each for each in customers if each["missed"]]
    sentence = lookback_text(len(customers), len(customers) - len(missed), len(missed))
    return "\n".join([sentence, *lines])
