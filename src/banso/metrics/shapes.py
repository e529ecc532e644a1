"""The builder's fields of a definition, and the definition of those fields."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from banso.core import conditions
from banso.core.definitions import dump
from banso.metrics.sheet import MetricSheet
from banso.metrics.wording import UNITS

SHAPES = [
    ("number", _("A number counted from data")),
    ("trend", _("A change against the window before")),
    ("ratio", _("One number divided by another")),
    ("per_person", _("A number for each person, told of all people")),
    ("entered", _("Typed in by hand, or imported")),
]
KINDS = [
    ("count", _("How often it happened")),
    ("distinct_people", _("How many different people")),
    ("active_days", _("On how many days")),
    ("days_since", _("Days since it last happened")),
    ("sum", _("Sum of a property")),
    ("mean", _("Mean of a property")),
    ("last", _("Last value of a property")),
]
ALL_KINDS = {code for code, _label in KINDS}
KINDS_OF_SHAPE = {
    "number": ALL_KINDS,
    "ratio": ALL_KINDS,
    "trend": ALL_KINDS - {"days_since"},
    "per_person": ALL_KINDS - {"distinct_people"},
    "entered": ALL_KINDS,
}
STREAMS = [
    ("events", _("Product usage")),
    ("contacts", _("Contacts")),
    ("contracts", _("Contracts")),
    ("actions", _("Actions")),
    ("acts", _("What happened in Banso")),
]
WINDOWS = [
    ("days", _("The last so many days")),
    ("month_to_date", _("This month so far")),
    ("quarter_to_date", _("This quarter so far")),
    ("last_week", _("Last full week, Monday to Sunday")),
    ("last_month", _("Last full month")),
    ("last_quarter", _("Last full quarter")),
]
DAY_KINDS = [
    ("every_day", _("Every day")),
    ("weekdays", _("Monday to Friday")),
    ("business_days", _("Monday to Friday without Japan's holidays")),
]
CHANGES = [
    ("ratio", _("How many times as much (100%: the same)")),
    ("difference", _("How much more or less")),
]
AGGREGATES = [
    ("share", _("Share of people with at least so much")),
    ("mean", _("Mean over people")),
    ("median", _("Middle over people")),
]
DIRECTIONS = [("up", _("Higher is better")), ("down", _("Lower is better"))]
BELOW_KINDS = [("seats", _("The contracted seats")), *KINDS]
OWN_UNIT = "own"
STREAMS_WITH_EVENTS = ("events", "actions", "acts")


def initial_of(sheet: MetricSheet) -> dict[str, Any]:
    """What the form shows of a metric."""
    own = sheet.unit not in UNITS
    return {
        **{f"name_{language}": text for language, text in sheet.name.items()},
        **{f"sentence_{language}": text for language, text in sheet.sentence.items()},
        "unit": OWN_UNIT if own else sheet.unit,
        "own_unit": sheet.unit if own else "",
        "direction": "up" if sheet.higher_is_better else "down",
        **shape_of(dump(sheet.definition)),
    }


def shape_of(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The form's fields of a stored definition."""
    match stored["kind"]:
        case "entered":
            return {"shape": "entered"}
        case "ratio":
            below = {f"below_{k}": v for k, v in fields_of(stored["denominator"]).items()}
            return {"shape": "ratio", **fields_of(stored["numerator"]), **below}
        case "trend" | "per_person" as shape:
            rest = {k: v for k, v in stored.items() if k not in ("kind", "of")}
            return {"shape": shape, **fields_of(stored["of"]), **rest}
        case _:
            return {"shape": "number", **fields_of(stored)}


def fields_of(part: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: value for name, value in part.items() if name != "where"}
    return {**shown, "window": part.get("period", "days")}


def definition_of(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """The definition, as core reads it, of cleaned fields; `where` and `below_where` are
    conditions."""
    above = part_of(cleaned, "")
    match cleaned["shape"]:
        case "entered":
            return {"kind": "entered"}
        case "trend":
            return {"kind": "trend", "of": above, "change": cleaned.get("change") or "ratio"}
        case "per_person":
            return {"kind": "per_person", "of": above, **among_people(cleaned)}
        case "ratio":
            seats = cleaned.get("below_kind") in ("", "seats", None)
            below = {"kind": "seats"} if seats else part_of(cleaned, "below_")
            return {"kind": "ratio", "numerator": above, "denominator": below}
        case _:
            return above


def among_people(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    aggregate = cleaned.get("aggregate") or "share"
    bound = {"at_least": cleaned.get("at_least")} if aggregate == "share" else {}
    return {"aggregate": aggregate, **bound, "seen": cleaned.get("seen") or 90}


def part_of(cleaned: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """One counted number; below, the window is the upper one unless days are given."""
    kind = cleaned.get(f"{prefix}kind") or "count"
    stream = cleaned.get("stream") or "events"
    events = cleaned.get(f"{prefix}event") if stream in STREAMS_WITH_EVENTS else None
    where = cleaned.get(f"{prefix}where")
    part = {"kind": kind, "event": events or None, "stream": stream}
    if where is not None:
        part["where"] = conditions.dump(where)
    own_days = cleaned.get("below_days") if prefix else None
    days, period = cleaned.get("days") or 28, cleaned.get("window") or "days"
    if kind == "days_since":
        return {**part, "days": own_days or days}
    if kind in ("sum", "mean", "last"):
        part["property"] = cleaned[f"{prefix}property"]
    rolling = own_days or period == "days"
    return {
        **part,
        **({"days": own_days or days} if rolling else {"period": period}),
        "on": cleaned.get("on") or "every_day",
        "offset": cleaned.get("offset") or 0,
    }
