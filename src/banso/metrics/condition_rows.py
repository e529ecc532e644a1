"""One row of a condition being built: a field, a way to ask, and the value typed in."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from banso.base.workspace import workspace
from banso.core.conditions import LONGEST_TEXT, MOST_DAYS, Asked, Is, Not, Op
from banso.core.money import Money, from_major
from banso.core.parsing import Problem, parse_date, parse_money, parse_number, parse_whole
from banso.metrics.condition_words import phrase
from banso.metrics.fields import Choices, Field, Kind
from banso.web.formats import money_text

type Shape = Literal["none", "one", "two", "many", "days"]
type Word = str | Promise


@dataclass(frozen=True)
class Way:
    """A way to ask, as the screen calls it: the grammar's op, turned round where `denied`."""

    code: str
    label: Word
    op: Op
    shape: Shape = "one"
    denied: bool = False
    sign: int = 1


IS = Way("is", pgettext_lazy("condition", "is"), "is")
IS_NOT = Way("is_not", pgettext_lazy("condition", "is not"), "is_not")
ONE_OF = Way("one_of", _("is one of"), "one_of", "many")
KNOWN = Way("known", _("is known"), "known", "none")
UNKNOWN = Way("unknown", _("is not known"), "unknown", "none")
CHOSEN = (IS, ONE_OF, IS_NOT, KNOWN, UNKNOWN)
COUNTED = (
    Way("ge", _("is at least"), "ge"),
    Way("le", _("is at most"), "le"),
    Way("gt", _("is more than"), "gt"),
    Way("lt", _("is less than"), "lt"),
    Way("between", _("is between"), "between", "two"),
    IS,
    KNOWN,
    UNKNOWN,
)
WAYS: dict[Kind, tuple[Way, ...]] = {
    "text": (
        IS,
        ONE_OF,
        Way("contains", _("contains"), "contains"),
        IS_NOT,
        Way("contains_not", _("does not contain"), "contains", denied=True),
        KNOWN,
        UNKNOWN,
    ),
    "choice": CHOSEN,
    "person": CHOSEN,
    "number": COUNTED,
    "share": COUNTED,
    "money": COUNTED,
    "boolean": (IS,),
    "date": (
        Way("last", _("is within the last (days)"), "within_days", "days", sign=-1),
        Way("next", _("is within the next (days)"), "within_days", "days"),
        Way("not_last", _("is not within the last (days)"), "within_days", "days", True, -1),
        Way("ge", _("is on or after"), "ge"),
        Way("le", _("is on or before"), "le"),
        Way("between", _("is between"), "between", "two"),
        KNOWN,
        UNKNOWN,
    ),
}
DIGITS = re.compile(r"[0-9]+(\.[0-9]+)?")
DAYS = {
    "last": _("is within the last %(n)s days"),
    "next": _("is within the next %(n)s days"),
    "not_last": _("is not within the last %(n)s days"),
}
TRUTHS: Choices = [
    ("yes", pgettext_lazy("condition", "yes")),
    ("no", pgettext_lazy("condition", "no")),
]
SEPARATORS = re.compile(r"[,、，\n]")
INPUTS = {"number": "decimal", "share": "decimal", "money": "decimal"}


@dataclass(frozen=True)
class Row:
    """A row as it is shown; `error` is what is wrong with its value, `name` what its controls
    begin with. Without a field it asks for nothing."""

    name: str
    field: Field | None = None
    way: Way = IS
    values: tuple[str, ...] = ()
    error: Word = ""
    fresh: bool = False

    @property
    def ways(self) -> Sequence[Way]:
        return WAYS[self.field.kind] if self.field else ()

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def second(self) -> str:
        return self.values[1] if len(self.values) > 1 else ""

    @property
    def widget(self) -> str:
        """Which control takes the value: none, select, checks, date, whole or text."""
        if self.field is None or self.way.shape == "none":
            return "none"
        if self.way.shape == "days":
            return "whole"
        if self.field.kind in ("choice", "person", "boolean"):
            return "checks" if self.way.shape == "many" else "select"
        return "date" if self.field.kind == "date" else "text"

    @property
    def inputmode(self) -> str:
        kind = self.field.kind if self.field else "text"
        return "numeric" if self.way.shape == "days" else INPUTS.get(kind, "text")

    @property
    def unit(self) -> str:
        """What stands behind the value."""
        kind = self.field.kind if self.field else ""
        if self.way.shape == "none":
            return ""
        return {"share": "%", "money": workspace().currency}.get(kind, "")

    @property
    def choices(self) -> Choices:
        """The values to choose among; one that is no longer offered stays."""
        if self.field is None:
            return []
        known = TRUTHS if self.field.kind == "boolean" else self.offered()
        codes = {code for code, _ in known}
        lost = [(code, code) for code in self.values if code and code not in codes]
        return [*known, *lost] if self.widget in ("select", "checks") else known

    @property
    def told(self) -> str:
        """The row as a phrase: field, way and values as they are read."""
        assert self.field is not None
        field = str(self.field.label)
        if self.way.shape == "days":
            when = str(DAYS[self.way.code]) % {"n": self.value}
            return pgettext("condition", "%(field)s %(when)s") % {"field": field, "when": when}
        labels = {code: str(label) for code, label in self.choices}
        values = [labels.get(each) or self.read(each) for each in self.values]
        code = f"date_{self.way.code}" if self.field.kind == "date" else self.way.code
        return phrase(code, field, values)

    def read(self, text: str) -> str:
        """A typed value with its unit, money with its thousands set apart."""
        if self.field is None or self.field.kind != "money" or not DIGITS.fullmatch(text):
            return f"{text}{self.unit}"
        money = from_major(Decimal(text), self.unit)
        return money_text(money.minor, money.currency)

    def offered(self) -> Choices:
        return self.field.choices() if self.field and self.field.choices else []


@dataclass(frozen=True)
class Wrong:
    """A value that cannot be taken, and why."""

    word: Word


def comparison(row: Row) -> Is | Not | Wrong:
    """What a row with a field asks for."""
    assert row.field is not None
    found = VALUES[row.way.shape](row, READERS[row.field.kind])
    if isinstance(found, Wrong):
        return found
    asked = Is(row.field.key, row.way.op, found)
    return Not(asked) if row.way.denied else asked


def row_of(name: str, asked: Is | Not, known: Sequence[Field]) -> Row | None:
    """The row that asks for it; None where no row can."""
    inner = asked.of if isinstance(asked, Not) else asked
    if not isinstance(inner, Is):
        return None
    found = next((each for each in known if each.key == inner.field), None)
    if found is None:
        found = Field(inner.field, inner.field, "text")
    ways = [each for each in WAYS[found.kind] if shown_by(each, inner, isinstance(asked, Not))]
    return Row(name, found, ways[0], shown(inner, found.kind)) if ways else None


def shown_by(way: Way, asked: Is, denied: bool) -> bool:
    signed = way.shape != "days" or (asked.value or 0) == 0 or (way.sign < 0) == is_past(asked)
    return way.op == asked.op and way.denied == denied and signed


def is_past(asked: Is) -> bool:
    return isinstance(asked.value, int) and asked.value < 0


def shown(asked: Is, kind: Kind) -> tuple[str, ...]:
    """The values of a comparison as they are typed."""
    values = asked.value if isinstance(asked.value, tuple) else (asked.value,)
    if asked.op == "within_days":
        return tuple(str(abs(each)) for each in values if isinstance(each, int))
    texts = tuple(typed(each, kind) for each in values if each is not None)
    return (", ".join(texts),) if kind == "text" and asked.op == "one_of" else texts


def typed(value: Asked, kind: Kind) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if kind == "money":
        return f"{Money(int(value), workspace().currency).amount:f}"
    scaled = round(value * 100, 9) if kind == "share" else value
    return str(int(scaled) if scaled == int(scaled) else scaled)


type Reader = Callable[[str], Asked | Wrong]
type Read = Asked | tuple[Asked, ...] | Wrong | None
NO_NUMBER = Wrong(_("Write a number."))
NO_VALUE = Wrong(_("Write a value."))


def text_value(text: str) -> Asked | Wrong:
    plain = text.strip()
    return plain[:LONGEST_TEXT] if plain else NO_VALUE


def number_value(text: str) -> Asked | Wrong:
    found = parse_number(text)
    return NO_NUMBER if found is None or isinstance(found, Problem) else found


def share_value(text: str) -> Asked | Wrong:
    found = number_value(text.strip().rstrip("%％"))
    return found if isinstance(found, Wrong | str) else found / 100


def money_value(text: str) -> Asked | Wrong:
    currency = workspace().currency
    found = parse_money(text, currency)
    if found is None or isinstance(found, Problem) or found.currency != currency:
        return Wrong(_("Write an amount, such as 1,200,000 or 120万円."))
    return found.minor


def date_value(text: str) -> Asked | Wrong:
    found = parse_date(text)
    if isinstance(found, date):
        return found.isoformat()
    return Wrong(_("Write a date such as 2026-04-30."))


def truth_value(text: str) -> Asked | Wrong:
    return text == "yes"


READERS: dict[Kind, Reader] = {
    "text": text_value,
    "choice": text_value,
    "person": text_value,
    "number": number_value,
    "share": share_value,
    "money": money_value,
    "date": date_value,
    "boolean": truth_value,
}


def no_value(row: Row, read: Reader) -> Read:
    return None


def one_value(row: Row, read: Reader) -> Read:
    return read(row.value)


def two_values(row: Row, read: Reader) -> Read:
    low, high = read(row.value), read(row.second)
    if isinstance(low, Wrong) or isinstance(high, Wrong):
        return low if isinstance(low, Wrong) else high
    backwards = type(low) is type(high) and low > high  # type: ignore[operator]
    return Wrong(_("The first value lies after the second.")) if backwards else (low, high)


def many_values(row: Row, read: Reader) -> Read:
    parts = SEPARATORS.split(row.value) if row.widget == "text" else row.values
    values = [read(each) for each in parts if each.strip()]
    wrong = next((each for each in values if isinstance(each, Wrong)), None)
    if wrong or not values:
        return wrong or Wrong(_("Choose at least one."))
    return tuple(each for each in values if not isinstance(each, Wrong))


def days_value(row: Row, read: Reader) -> Read:
    found = parse_whole(row.value)
    if not isinstance(found, int) or not 0 <= found <= MOST_DAYS:
        return Wrong(_("Write a number of days, such as 30."))
    return row.way.sign * found


VALUES: dict[Shape, Callable[[Row, Reader], Read]] = {
    "none": no_value,
    "one": one_value,
    "two": two_values,
    "many": many_values,
    "days": days_value,
}
