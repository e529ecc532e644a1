"""What the page of a question shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.utils.translation import gettext, pgettext

from banso.base.models import Role, User
from banso.base.roles import MANAGERS
from banso.core.periods import Period
from banso.engine.explore import Answer
from banso.engine.patience import TooLarge
from banso.explore.answers import Asked, TooMany, answer_of
from banso.explore.as_metric import metric_of
from banso.explore.forms import ExploreForm, query_of
from banso.explore.splits import SEGMENT, part_names
from banso.explore.wording import period_name, title_of
from banso.ingest.access import held
from banso.metrics.models import Metric
from banso.metrics.starter import event_names
from banso.web.over_time import Step, ends_of


@dataclass(frozen=True)
class Series:
    """One line: the whole, a part of it, or the rest."""

    name: str
    steps: list[Step]
    rest: bool = False

    @property
    def last(self) -> Step | None:
        """The latest whole period that has a value."""
        return next((s for s in reversed(self.steps) if s.whole and s.value is not None), None)

    @property
    def before(self) -> Step | None:
        """The whole period before the latest."""
        known = [step for step in self.steps if step.whole and step.value is not None]
        return known[-2] if len(known) > 1 else None


@dataclass(frozen=True)
class Line:
    """One row of the table: a period and the value of each series."""

    name: str
    whole: bool
    last: date
    values: list[float | None]


@dataclass(frozen=True)
class Result:
    """An answer as it is shown. `overlapping`: a customer may be in several parts."""

    title: str
    whole: Series
    parts: list[Series]
    periods: Sequence[Period]
    percent: bool
    overlapping: bool

    @property
    def columns(self) -> list[Series]:
        return [self.whole, *self.parts]

    @property
    def lines(self) -> list[Line]:
        """The latest period first."""
        steps = [each.steps for each in self.columns]
        rows = [
            Line(step.name, step.whole, period.last, [column[n].value for column in steps])
            for n, (period, step) in enumerate(zip(self.periods, self.whole.steps, strict=True))
        ]
        return rows[::-1]

    @property
    def empty(self) -> bool:
        return not any(step.value for each in self.columns for step in each.steps)

    @property
    def pictured(self) -> list[Series]:
        """The parts on one scale; the rest, often larger than all of them, is in the table."""
        return [part for part in self.parts if not part.rest]

    @property
    def ends(self) -> tuple[float, float]:
        """The ends of the scale that the pictures share."""
        return ends_of([part.steps for part in self.pictured])


@dataclass(frozen=True)
class ExplorePage:
    """`nothing`: there is neither an event nor a metric to look at. `last` is the latest day with
    usage where that lies behind. `unknown`: accounts that nobody knows
    wait for an answer, and their events count for nobody until then."""

    form: ExploreForm
    result: Result | None
    too_many: bool
    nothing: bool
    last: date | None
    query: str
    metric: Sequence[tuple[str, str]]
    may_define: bool
    unknown: bool

    @property
    def metric_query(self) -> str:
        """The builder of metrics filled in with what is asked for."""
        return urlencode(self.metric)

    @property
    def of_property(self) -> bool:
        return not self.form.subject.metric and self.form.told("measure") in ("sum", "mean")

    @property
    def shares(self) -> bool:
        return self.form.told("measure") == "share"

    @property
    def own_range(self) -> bool:
        return self.form.told("range") == "own"

    @property
    def narrowed(self) -> bool:
        """Whether conditions are shown open."""
        return self.form.conditions.acted or self.form.asks()


def form_of(data: Mapping[str, str], today: date) -> ExploreForm:
    """The question in the address."""
    metrics = Metric.objects.filter(retired_at=None).order_by("id")
    return ExploreForm(
        data, events=event_names(today), acts=event_names(today, "acts"), metrics=list(metrics)
    )


def explore_page(
    form: ExploreForm, user: User, role: Role, today: date, *, asking: bool = False
) -> ExplorePage:
    """The question and its answer; `asking` is for a question that is still being built."""
    result, too_many = None, False
    nothing = not (form.events or form.acts or form.metrics)
    if not nothing and form.is_valid() and not asking:
        try:
            result = result_of(form, user, today)
        except (TooMany, TooLarge):
            too_many = True
    known = last_day(form, today)
    return ExplorePage(
        form=form,
        result=result,
        too_many=too_many,
        nothing=nothing,
        last=known if known < today and not form.subject.metric else None,
        query=query_of(form),
        metric=metric_of(form),
        may_define=role in MANAGERS,
        unknown=bool(result and result.empty and role in MANAGERS and held(user).exists()),
    )


def last_day(form: ExploreForm, today: date) -> date:
    """The day up to which something is known: of usage that was imported, its latest."""
    if form.subject.metric or form.subject.stream == "acts" or not form.known:
        return today
    return min(today, max(each.last_day for each in form.known))


def asked_of(form: ExploreForm, today: date) -> Asked:
    """The question of a valid form."""
    told = form.cleaned_data
    return Asked(
        subject=form.subject,
        measure=told["measure"],
        grain=told["grain"],
        periods=form.periods(today, last_day(form, today)),
        property=told.get("property") or "",
        at_least=told.get("at_least"),
        condition=form.condition,
        split=told.get("split") or "",
    )


def result_of(form: ExploreForm, user: User, today: date) -> Result:
    """Ask, and lay the answer out. Raises TooMany, TooLarge."""
    asked = asked_of(form, today)
    answer = answer_of(asked, user)
    metric = asked.subject.metric
    silent = None if metric or asked.measure == "mean" else 0.0
    heard = known_days(form, today)

    def series(name: str, values: Mapping[date, float], rest: bool = False) -> Series:
        return Series(name, steps_of(asked, values, None if metric else heard, silent), rest)

    return Result(
        title=title_of(asked),
        whole=series(pgettext("every part together", "All"), answer.whole),
        parts=[series(*each) for each in parts_of(asked, answer, user)],
        periods=asked.periods,
        percent=asked.measure == "share" or bool(metric and metric.unit == "percent"),
        overlapping=asked.split == SEGMENT,
    )


def known_days(form: ExploreForm, today: date) -> tuple[date, date]:
    """The first and the last day of which usage is known; before and after, it is not nought."""
    first = min((each.first_day for each in form.known), default=today)
    return first, last_day(form, today)


def steps_of(
    asked: Asked,
    values: Mapping[date, float],
    heard: tuple[date, date] | None,
    silent: float | None,
) -> list[Step]:
    steps = []
    for period in asked.periods:
        known = heard is None or (period.last >= heard[0] and period.first <= heard[1])
        value = values.get(period.first, silent) if known else None
        cut = heard is not None and period.last > heard[1]
        name = period_name(asked.grain, period)
        steps.append(Step(name, value, period.whole and not cut))
    return steps


def parts_of(
    asked: Asked, answer: Answer, user: User
) -> list[tuple[str, Mapping[date, float], bool]]:
    """The parts by what they are called, the rest at the end."""
    if not asked.split:
        return []
    names = part_names(asked.split, user)
    parts = [(named(part, names), values, False) for part, values in answer.parts.items()]
    return [*parts, *([(rest_name(asked.split), answer.rest, True)] if answer.rest else [])]


def named(part: str, names: Mapping[str, str]) -> str:
    return names.get(part, part) or gettext("not known")


def rest_name(split: str) -> str:
    return gettext("in none of these") if split == SEGMENT else gettext("the rest")
