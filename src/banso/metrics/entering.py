"""Typing values by hand: one for a customer, or a whole column in one go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from banso.base.fields import localized
from banso.base.models import Role, User
from banso.core.parsing import Problem, parse_date, parse_number
from banso.engagements.access import Scope, book, writable
from banso.engagements.models import Engagement
from banso.engagements.values import current_ids
from banso.metrics.actions import Typed
from banso.metrics.models import Measurement, Metric, MetricVersion
from banso.web.formats import language

OLDEST = timedelta(days=366 * 10)
LARGEST = 1e12
SCOPES: tuple[Scope, ...] = ("me", "team", "all")
ENTERED = {"kind": "entered"}


class ValueField(forms.CharField):
    """A number in any width of digits; of a share, 45 and 45% are both 0.45."""

    def __init__(self, *, unit: str, **options: Any) -> None:
        super().__init__(**options)
        self.unit = unit
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: object) -> float | None:
        return read_value(super().clean(value), self.unit)


class DayField(forms.CharField):
    """A day as people write it, up to today."""

    def __init__(self, *, today: date, **options: Any) -> None:
        super().__init__(**options)
        self.today = today

    def clean(self, value: object) -> date | None:
        found = parse_date(super().clean(value))
        if isinstance(found, Problem):
            raise ValidationError(_("Write a date such as 2026-04-30."))
        if found is not None and not self.today - OLDEST <= found <= self.today:
            raise ValidationError(_("Choose a day up to today, at most ten years back."))
        return found


class EnterForm(forms.Form):
    """One value of one metric."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, today: date) -> None:
        super().__init__(data)
        self.fields["metric"] = forms.ModelChoiceField(
            entered_metrics(),
            label=_("Metric"),
            to_field_name="uid",
            empty_label=_("Choose a metric"),
        )
        unit = unit_of(str((data or {}).get("metric", "")))
        self.fields["value"] = ValueField(unit=unit, label=_("Value"), max_length=40)
        self.fields["as_of"] = DayField(
            today=today, label=_("As of"), initial=today.isoformat(), max_length=40
        )
        self.fields["source"] = forms.CharField(
            label=_("Source"), max_length=200, required=False, help_text=_("Where it comes from.")
        )


class ColumnForm(forms.Form):
    """The day and the source of a whole column of values."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, today: date) -> None:
        super().__init__(data)
        self.fields["as_of"] = DayField(
            today=today, label=_("As of"), initial=today.isoformat(), max_length=40
        )
        self.fields["source"] = forms.CharField(
            label=_("Source"), max_length=200, required=False, help_text=_("Where it comes from.")
        )


@dataclass(frozen=True)
class Cell:
    """One customer of the grid: the latest value, what was typed and what is wrong with it."""

    engagement_id: int
    uid: str
    name: str
    last: float | None
    last_on: date | None
    typed: str = ""
    error: str = ""


@dataclass(frozen=True)
class GridPage:
    uid: str
    name: str
    unit: str
    scope: Scope
    cells: list[Cell]
    form: ColumnForm
    wrong: int

    @property
    def mine(self) -> bool:
        return self.scope == "me"

    @property
    def teams(self) -> bool:
        return self.scope == "team"

    @property
    def all(self) -> bool:
        return self.scope == "all"


def typed_metrics() -> QuerySet[Metric]:
    """The metrics that take typed values, retired ones too."""
    typed = MetricVersion.objects.filter(definition=ENTERED)
    return Metric.objects.filter(pk__in=typed.values("metric")).order_by("id")


def entered_metrics() -> QuerySet[Metric]:
    """Those of them in use: what is offered for typing."""
    return typed_metrics().filter(retired_at=None)


def grid_page(
    metric: Metric, user: User, role: Role, *, scope: Scope, form: ColumnForm, today: date
) -> GridPage:
    """Every current customer of the scope that `user` may write for, with the latest value."""
    typed = form.data if form.is_bound else {}
    cells = [
        filled(cell, str(typed.get(f"value-{cell.uid}", "")).strip(), metric.unit)
        for cell in empty_cells(metric, user, role, scope, today)
    ]
    wrong = sum(1 for cell in cells if cell.error)
    name = localized(metric.name, language())
    return GridPage(metric.uid, name, metric.unit, scope, cells, form, wrong)


def changed(page: GridPage, as_of: date) -> list[Typed]:
    """The typed values that say something new: another value, or another day."""
    found = []
    for cell in page.cells:
        if cell.typed and not cell.error:
            value = read_value(cell.typed, page.unit)
            if value is not None and (value, as_of) != (cell.last, cell.last_on):
                found.append(Typed(cell.engagement_id, value))
    return found


def empty_cells(metric: Metric, user: User, role: Role, scope: Scope, today: date) -> list[Cell]:
    current = current_ids(today)
    rows: QuerySet[Engagement] = writable(user, role).filter(pk__in=book(user, scope).values("pk"))
    known = latest_rows(metric)
    return [
        Cell(each, uid, name, *known.get(each, (None, None)))
        for each, uid, name in rows.order_by("party__name", "id").values_list(
            "id", "uid", "party__name"
        )
        if each in current
    ]


def latest_rows(metric: Metric) -> dict[int, tuple[float, date]]:
    """The latest value of each engagement and its day."""
    rows = Measurement.objects.filter(metric=metric).order_by("as_of", "id")
    return {
        each: (value, as_of)
        for each, value, as_of in rows.values_list("engagement_id", "value", "as_of")
    }


def filled(cell: Cell, typed: str, unit: str) -> Cell:
    try:
        read_value(typed, unit)
    except ValidationError as problem:
        return Cell(**(vars(cell) | {"typed": typed, "error": problem.messages[0]}))
    return Cell(**(vars(cell) | {"typed": typed}))


def read_value(text: str, unit: str) -> float | None:
    """What was typed as a number; ValidationError says kindly what is wrong."""
    found = parse_number(text)
    if isinstance(found, Problem):
        raise ValidationError(_("Write a number such as 12.5."))
    if found is None:
        return None
    if abs(found) > LARGEST:
        raise ValidationError(_("That number is too large."))
    is_share = unit == "percent" and not text.strip().endswith(("%", "％"))
    return found / 100 if is_share else found


def unit_of(uid: str) -> str:
    return Metric.objects.filter(uid=uid).values_list("unit", flat=True).first() or "none"
