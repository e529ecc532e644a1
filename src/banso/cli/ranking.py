"""The answer of `banso today`."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from banso.base.models import User
from banso.base.workspace import local_today, workspace
from banso.cli.accounts import account_ids
from banso.cli.output import Answer, Unknown
from banso.engagements.models import Engagement
from banso.goals.standing import StandingValue, ranked, stand
from banso.goals.wording import reason_text
from banso.web.formats import day_text, money_text, percent_text


def ranking(as_of: date | None, owner: str | None, limit: int) -> Answer | Unknown:
    """{as_of, currency, of, customers: [...]}, the most at stake first."""
    day = as_of or local_today()
    mine = User.objects.filter(email__iexact=owner).first() if owner else None
    if owner and mine is None:
        return Unknown(f"there is no colleague with the address {owner}")
    order = ranked(stand(day, None if mine is None else looked_after(mine, day)).values())
    shown = order[:limit] if limit > 0 else order
    return {
        "as_of": day.isoformat(),
        "currency": workspace().currency,
        "of": len(order),
        "customers": rows_of(shown),
    }


def looked_after(owner: User, day: date) -> list[int]:
    from banso.engagements.values import current_ids

    own = Engagement.objects.filter(owner=owner).values_list("id", flat=True)
    return sorted(current_ids(day) & set(own))


def rows_of(shown: Sequence[StandingValue]) -> list[dict[str, object]]:
    ids = [each.engagement_id for each in shown]
    engagements = Engagement.objects.select_related("party").in_bulk(ids)
    accounts = account_ids(ids)
    return [
        row(number, each, engagements[each.engagement_id], accounts.get(each.engagement_id))
        for number, each in enumerate(shown, start=1)
    ]


def row(
    rank: int, value: StandingValue, engagement: Engagement, account: str | None
) -> dict[str, object]:
    return {
        "rank": rank,
        "uid": engagement.uid,
        "account": account,
        "name": engagement.party.name,
        "segment": engagement.segment,
        "health": value.health,
        "gap": value.gap,
        "measured": value.measured,
        "targets": value.targets,
        "plan": value.plan,
        "annual_minor": value.annual_minor,
        "urgency": value.urgency,
        "stake_minor": value.stake,
        "next_on": value.next_on.isoformat() if value.next_on else None,
        "next_kind": value.next_kind,
        "last_contact_on": value.last_contact_on.isoformat() if value.last_contact_on else None,
        "reason": value.reason,
    }


def as_text(answer: Answer) -> str:
    customers: Any = answer["customers"]
    currency = str(answer["currency"])
    lines = [line(each, currency) for each in customers]
    return "\n".join([f"{answer['as_of']}  {len(lines)}/{answer['of']}", *lines])


def line(each: Mapping[str, Any], currency: str) -> str:
    following = date.fromisoformat(each["next_on"]) if each["next_on"] else None
    cells = [
        f"{each['rank']:>4}",
        f"{money_text(each['stake_minor'], currency):>14}",
        f"{percent_text(each['gap']):>5}",
        day_text(following, "numeric"),
        each["account"] or each["uid"],
        each["name"],
        reason_text(each["reason"]),
    ]
    return "  ".join(cells)
