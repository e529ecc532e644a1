"""A question as a metric that goes on asking it."""

from django.utils.translation import override

from banso.explore.forms import CONDITIONS, ExploreForm, needed
from banso.explore.subjects import Subject
from banso.explore.wording import metric_name

WINDOW = {"day": 7, "week": 7, "month": 28}
KINDS = {"count": "count", "people": "distinct_people", "sum": "sum", "mean": "mean"}
UNITS = {"count": "times", "people": "people"}


def metric_of(form: ExploreForm) -> list[tuple[str, str]]:
    """The fields of a metric that goes on counting what is asked for; none where none can."""
    if form.subject.metric or form.told("measure") not in KINDS:
        return []
    days = WINDOW.get(form.told("grain"), 7)
    told = metric_fields(form.subject, form.told("measure"), form.told("property"), days)
    asked = [
        (name, value)
        for name, values in form.query.lists()
        for value in values
        if name.startswith(f"{CONDITIONS}-") and needed(form, name) and value
    ]
    return [*told, *asked]


def metric_fields(of: Subject, measure: str, property: str, days: int) -> list[tuple[str, str]]:
    """The fields of a metric of one event, as the builder of metrics reads them."""
    kind = KINDS[measure]
    told = [
        *metric_names(of, measure, property, days).items(),
        ("shape", "number"),
        ("stream", of.stream),
        ("kind", kind),
        *(("event", name) for name in of.names),
        ("property", property),
        ("window", "days"),
        ("days", str(days)),
        ("on", "every_day"),
        ("offset", "0"),
        ("unit", UNITS.get(kind, "none")),
        ("direction", "up"),
    ]
    return [(name, value) for name, value in told if value]


def metric_names(of: Subject, measure: str, property: str, days: int) -> dict[str, str]:
    """What such a metric is called to begin with, in both languages."""
    names = {}
    for language in ("ja", "en"):
        with override(language):
            names[f"name_{language}"] = metric_name(of, measure, property, days)
    return names
