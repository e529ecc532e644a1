"""Conditions on an event's properties as SQL, agreeing with `conditions.holds` on every row."""

import math

from banso.core.conditions import All, AnyOf, Condition, Is, Not
from banso.engine.connect import literal

DECIMAL = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"
_LARGEST = "1.7976931348623157e308"
_SIGNS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">="}


def number(name: str) -> str:
    """The property as a double, null where it is no number."""
    plain = f"trim({text(name)}, ' ')"
    value = f"try_cast({plain} as double)"
    finite = f"abs({value}) <= {_LARGEST}"
    return f"case when regexp_full_match({plain}, '{DECIMAL}') and {finite} then {value} end"


def text(name: str) -> str:
    """The property as text, null where it has no value."""
    return f"json_extract_string(properties, {_pointer(name)})"


def holds(condition: Condition) -> str:
    """The condition over the column `properties`; never null."""
    match condition:
        case All(of):
            return f"({' and '.join(map(holds, of))})" if of else "true"
        case AnyOf(of):
            return f"({' or '.join(map(holds, of))})"
        case Not(of):
            return f"not {holds(of)}"
        case Is():
            return f"coalesce({_comparison(condition)}, false)"


def _comparison(asked: Is) -> str:
    name, value = asked.field, asked.value
    match asked.op, value:
        case "known" | "unknown" as op, _:
            return _known(name) if op == "known" else f"not {_known(name)}"
        case "is" | "is_not" as op, wanted:
            return _equal(name, wanted) if op == "is" else f"not {_equal(name, wanted)}"
        case "one_of", tuple(wanted):
            return f"({' or '.join(_equal(name, each) for each in wanted)})"
        case "contains", str(wanted):
            return f"({_is_text(name)} and {_has(text(name), wanted)})"
        case "between", (low, high):
            return f"({_ordered(name, 'ge', low)} and {_ordered(name, 'le', high)})"
        case op, wanted:
            return _ordered(name, op, wanted)


def _equal(name: str, wanted: object) -> str:
    if isinstance(wanted, bool):
        said = f"{text(name)} = '{str(wanted).lower()}' and {_type(name)} = 'BOOLEAN'"
    elif isinstance(wanted, str):
        said = f"{text(name)} = {literal(wanted)} and {_is_text(name)}"
    else:
        said = f"{number(name)} = {_double(wanted)}"
    return f"coalesce({said}, false)"


def _ordered(name: str, op: str, wanted: object) -> str:
    if op not in _SIGNS or isinstance(wanted, bool | str | tuple | None):
        return "false"
    return f"{number(name)} {_SIGNS[op]} {_double(wanted)}"


def _known(name: str) -> str:
    return f"coalesce({_type(name)} <> 'NULL' and {text(name)} <> '', false)"


def _has(said: str, wanted: str) -> str:
    return f"contains(lower({said}), {literal(wanted.lower())})"


def _is_text(name: str) -> str:
    return f"{_type(name)} = 'VARCHAR'"


def _type(name: str) -> str:
    return f"json_type(properties, {_pointer(name)})"


def _pointer(name: str) -> str:
    return literal("/" + name.replace("~", "~0").replace("/", "~1"))


def _double(value: object) -> str:
    assert isinstance(value, int | float) and math.isfinite(value)
    return f"cast('{float(value)!r}' as double)"
