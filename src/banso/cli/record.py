"""The answer of `banso lookback`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from banso.base.workspace import local_today
from banso.cli.accounts import account_ids
from banso.cli.output import Answer
from banso.core.estimate import Estimate
from banso.core.lookback import Followed, Lookback
from banso.engagements.models import Engagement
from banso.goals.lookback import LostCustomer, look_back
from banso.goals.wording import cause_text, lookback_text


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
        "value_lost_minor": found.value_lost,
        "value_share_caught": found.part_caught,
        "rules": {
            name: rule_of(rule, found.after[name])
            | {"value_caught_minor": found.value_caught(name)}
            for name, rule in found.rules.items()
        },
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


def rule_of(rule: Lookback, after: Followed) -> dict[str, object]:
    known = rule.share if isinstance(rule.share, Estimate) else None
    return {
        "caught": rule.caught,
        "share": known.value if known else None,
        "low": known.low if known else None,
        "high": known.high if known else None,
        "by_chance": rule.by_chance,
        "lost_within_90_days": after.share,
        "lost_within_90_days_of_all": after.everywhere,
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
    missed = [each for each in customers if each["missed"]]
    part: Any = answer["value_share_caught"]
    caught = len(customers) - len(missed)
    sentence = lookback_text(len(customers), caught, len(missed), part)
    return "\n".join([sentence, *rule_lines(answer), *map(customer_line, customers)])


def rule_lines(answer: Answer) -> list[str]:
    rules: Any = answer["rules"]
    return [f"  {name:<8} {rule['caught']:>4} / {answer['lost']}" for name, rule in rules.items()]


def customer_line(each: Mapping[str, Any]) -> str:
    place = f"{each['ranks']['banso'] or '-':>5}/{each['of']:<5}"
    reason = cause_text(each["missed"]) if each["missed"] else "✓"
    return f"{each['looked_at']}  {place}  {each['name']}  {reason}"
