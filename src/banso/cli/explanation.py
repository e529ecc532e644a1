"""The answer of `banso why`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from banso.base.fields import localized
from banso.base.workspace import local_today, workspace
from banso.cli.accounts import account_ids, customer
from banso.cli.output import Answer, Unknown
from banso.core.definitions import dump
from banso.core.metrics import Occurrence
from banso.goals.why import Why, WhyTerm, why
from banso.web.formats import language, number_text

SHOWN = 5


def explanation(name: str, as_of: date | None) -> Answer | Unknown:
    """{customer, as_of, health, gap, plan, terms, unmeasured}; the terms' shares add up to gap."""
    engagement = customer(name)
    if engagement is None:
        return Unknown(f"there is no customer {name}")
    found = why(engagement, as_of or local_today())
    return {
        "uid": engagement.uid,
        "account": account_ids([engagement.pk]).get(engagement.pk),
        "name": engagement.party.name,
        **numbers(found),
        "terms": [term_of(term) for term in found.terms],
        "unmeasured": [each.key for each in found.unmeasured],
    }


def numbers(found: Why) -> dict[str, object]:
    return {
        "as_of": found.as_of.isoformat(),
        "zone": workspace().timezone,
        "health": found.health,
        "gap": found.gap,
        "plan": found.plan,
        "measured": found.standing.measured,
        "targets": found.standing.targets,
        "reason": found.standing.reason,
    }


def term_of(term: WhyTerm) -> dict[str, object]:
    return {
        "metric": term.target.key,
        "name": dict(term.target.name),
        "definition": dump(term.definition),
        "value": term.value,
        "floor": term.target.floor,
        "target": term.target.target,
        "weight": term.weight,
        "gap": term.gap,
        "share": term.share,
        "recomputed": term.recomputed,
        "seats": term.seats,
        "events": [event_of(each) for each in term.occurrences],
    }


def event_of(each: Occurrence) -> dict[str, object]:
    return {
        "at": each.at.isoformat(),
        "event": each.event,
        "person": each.person,
        "count": each.count,
        "properties": dict(each.properties),
    }


def as_text(answer: Answer) -> str:
    terms: Any = answer["terms"]
    head = f"{answer['name']}  {answer['as_of']}"
    if answer["gap"] is None:
        return f"{head}\n{answer['measured']}/{answer['targets']}"
    parts = " + ".join(f"{term['share']:.4f}" for term in terms)
    lines = [head, f"{parts} = {answer['gap']:.4f}"]
    for term in terms:
        lines += term_lines(term)
    return "\n".join(lines)


def term_lines(term: Mapping[str, Any]) -> list[str]:
    value, floor, target = (number_text(term[name]) for name in ("value", "floor", "target"))
    events = term["events"]
    last = [f"    {each['at']}  {each['event']} x{each['count']}" for each in events[-SHOWN:]]
    more = [f"    ({len(events)})"] if len(events) > SHOWN else []
    name = localized(term["name"], language())
    head = f"  {term['share']:.4f}  {name}: {value} ({floor} → {target})"
    return [head, *last, *more]
