"""A question in words, and what its periods are called."""

from django.utils.translation import gettext

from banso.core.metrics import Count
from banso.core.periods import Grain, Period
from banso.explore.answers import Asked
from banso.explore.splits import split_name
from banso.explore.subjects import Subject, name_of
from banso.metrics.acts import act_name
from banso.metrics.sentences import capitalized, happening
from banso.web.formats import day_text, days_text, number_text

NAME_CHARACTERS = 35
"""Of an event's name in a metric's, which has room for 80 in all."""


def title_of(asked: Asked) -> str:
    """What is shown, as a heading."""
    told = of_metric(asked) if asked.subject.metric else of_events(asked)
    words = {"what": told, "grain": by(asked.grain), "split": split_name(asked.split)}
    if asked.split:
        return capitalized(gettext("%(what)s, %(grain)s, split by %(split)s") % words)
    return capitalized(gettext("%(what)s, %(grain)s") % words)


def of_events(asked: Asked) -> str:
    words = {
        "what": what(asked),
        "property": asked.property,
    }
    named = {
        "count": gettext("how often %(what)s happened"),
        "people": gettext("how many different people with %(what)s"),
        "customers": gettext("how many different customers with %(what)s"),
        "sum": gettext("sum of “%(property)s” of %(what)s"),
        "mean": gettext("mean of “%(property)s” of %(what)s"),
    }
    return named[asked.measure] % words


def what(asked: Asked) -> str:
    of = asked.subject
    return happening(Count(of.names or None, 1, stream=of.stream, where=asked.condition))


def of_metric(asked: Asked) -> str:
    assert asked.subject.metric is not None
    words = {
        "metric": name_of(asked.subject.metric),
        "bound": number_text(asked.at_least),
    }
    named = {
        "mean": gettext("mean over the customers of “%(metric)s”"),
        "median": gettext("middle value over the customers of “%(metric)s”"),
        "share": gettext("share of customers with at least %(bound)s of “%(metric)s”"),
    }
    return named[asked.measure] % words


def metric_name(of: Subject, measure: str, property: str, days: int) -> str:
    """What a metric that goes on counting is called until somebody finds a better name."""
    named = [capitalized(act_name(name)) or name for name in of.names]
    words = {
        "what": (" / ".join(named) or gettext("All use"))[:NAME_CHARACTERS],
        "days": days,
        "property": property[:20],
    }
    told = {
        "count": gettext("%(what)s (%(days)s days)"),
        "people": gettext("People: %(what)s (%(days)s days)"),
        "sum": gettext("Sum of %(property)s: %(what)s (%(days)s days)"),
        "mean": gettext("Mean of %(property)s: %(what)s (%(days)s days)"),
    }
    return told[measure] % words


def by(grain: Grain) -> str:
    named: dict[Grain, str] = {
        "day": gettext("by day"),
        "week": gettext("by week"),
        "month": gettext("by month"),
    }
    return named[grain]


def period_name(grain: Grain, period: Period) -> str:
    """A day, the days of a week, or a month, with its year."""
    if grain == "month":
        return day_text(period.first, "month")
    return days_text(period.first, period.last)
