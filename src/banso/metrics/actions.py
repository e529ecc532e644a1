"""What people decide about metrics, the values they type, and the round that computes the rest."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify

from banso.base.activity import record
from banso.base.fields import new_uid
from banso.base.models import User
from banso.base.pacing import paced
from banso.core.definitions import dump, load
from banso.core.metrics import Count, Entered
from banso.engagements.models import Engagement
from banso.engagements.values import current_ids
from banso.metrics.models import LatestValue, Measurement, Metric, MetricVersion
from banso.metrics.sheet import MetricSheet
from banso.metrics.starter import offers, suggestions
from banso.metrics.suggestion import Suggestion
from banso.metrics.summaries import summarize
from banso.metrics.values import Values, definitions, measured

BATCH = 2_000
LONGEST_KEY = 70


@dataclass(frozen=True)
class Typed:
    """One value typed in for an engagement."""

    engagement_id: int
    value: float


class NotEntered(ValueError):
    """A computed metric takes no typed values."""


@transaction.atomic
def define_metric(*, sheet: MetricSheet, by: User | None, key: str = "") -> Metric:
    """A new metric with its first version; without `key`, one is made from its name."""
    slug = key or free_key(sheet.name)

    metric = Metric.objects.create(
        key=slug,
        name=sheet.name,
        sentence=sheet.sentence,
        unit=sheet.unit,
        higher_is_better=sheet.higher_is_better,
    )
    MetricVersion.objects.create(
        metric=metric, number=1, definition=dump(sheet.definition), created_by=by
    )
    record("metric.defined", actor=by, subject_id=metric.pk, detail={"key": slug})
    return metric


@transaction.atomic
def revise_metric(*, metric: Metric, sheet: MetricSheet, by: User | None) -> int:
    """Change a metric; returns its version, a new one only where its meaning changed.

    Raises ValueError for a change between typed and computed: that is another metric.
    """
    locked = Metric.objects.select_for_update().get(pk=metric.pk)
    last = current_version(locked)
    before = load(last.definition)

    if isinstance(before, Entered) != isinstance(sheet.definition, Entered):
        raise ValueError("typed and computed are two metrics")
    number = last.number + (before != sheet.definition)

    if number > last.number:
        locked.versions.filter(proposed=True).delete()
        stored = dump(sheet.definition)
        MetricVersion.objects.create(metric=locked, number=number, definition=stored, created_by=by)
    wording = {"name": sheet.name, "sentence": sheet.sentence, "unit": sheet.unit}
    changes = wording | {"higher_is_better": sheet.higher_is_better}
    Metric.objects.filter(pk=locked.pk).update(**changes)
    metric.refresh_from_db()
    record("metric.revised", actor=by, subject_id=metric.pk, detail={"version": number})
    return number


@transaction.atomic
def retire_metric(*, metric: Metric, by: User | None) -> None:
    """The metric is offered no more and computed no more; its values and versions stay."""
    set_retired(metric, True)
    LatestValue.objects.filter(metric=metric).delete()
    record("metric.retired", actor=by, subject_id=metric.pk)


@transaction.atomic
def restore_metric(*, metric: Metric, by: User | None) -> None:
    """The metric is in use again; the next round computes it."""
    set_retired(metric, False)
    record("metric.restored", actor=by, subject_id=metric.pk)


@transaction.atomic
def enter_measurement(
    *,
    metric: Metric,
    engagement: Engagement,
    value: float,
    as_of: date,
    source: str = "",
    by: User | None,
) -> Measurement:
    """Write down one value as of a day, from a source; NotEntered for a computed metric."""
    refuse_computed(metric)
    written = Measurement.objects.create(
        metric=metric, engagement=engagement, as_of=as_of, value=value, source=source, by=by
    )
    record(
        "measurement.entered",
        actor=by,
        engagement_id=engagement.pk,
        subject_id=written.pk,
        detail={"metric": metric.pk, "as_of": as_of.isoformat()},
    )
    return written


@transaction.atomic
def enter_measurements(
    *, metric: Metric, values: Sequence[Typed], as_of: date, source: str = "", by: User | None
) -> int:
    """Write down the values of many engagements as of one day; returns how many there were."""
    refuse_computed(metric)
    if not values:
        return 0
    Measurement.objects.bulk_create(
        Measurement(metric=metric, as_of=as_of, source=source, by=by, **vars(each))
        for each in values
    )
    detail = {"metric": metric.pk, "as_of": as_of.isoformat(), "values": len(values)}
    record("measurements.entered", actor=by, subject_id=metric.pk, detail=detail)
    return len(values)


@transaction.atomic
def starter(as_of: date, *, by: User | None = None) -> list[Metric]:
    """Define the first set of metrics that do not exist yet (retired ones stay retired)."""
    told = any(isinstance(each, Count) and each.event for each in definitions().values())
    return define_missing(suggestions(as_of, with_telling=not told), by=by)


@transaction.atomic
def accept_offers(as_of: date, *, keys: Collection[str], by: User) -> list[Metric]:
    """Define those of the offered metrics that were chosen by their keys."""
    return define_missing([each for each in offers(as_of) if each.key in keys], by=by)


def define_missing(wanted: Sequence[Suggestion], *, by: User | None) -> list[Metric]:
    known = set(Metric.objects.values_list("key", flat=True))
    fresh = [each for each in wanted if each.key not in known]
    return [define_metric(sheet=each.sheet, by=by, key=each.key) for each in fresh]


def refresh(
    as_of: date, ids: Collection[int] | None = None, *, keys: Collection[str] | None = None
) -> int:
    """Bring the latest values up to `as_of`: of `ids`, else of everybody current; of the metrics
    `keys`, else of all in use. Writes only what changed, in short transactions, and returns how
    many rows that were. What is not measured has no row."""
    numbers = version_numbers(keys)
    meanings, current = definitions(list(numbers)), current_ids(as_of, ids)
    written = forget_ended(current, ids, keys)
    found = measured(meanings, [(each, as_of) for each in current])
    for chunk in paced(found, most=BATCH):
        written += bring_up(dict(chunk), numbers, as_of)
    summarize(numbers.values(), total=None if ids is None else len(current))
    return written


def bring_up(
    found: Mapping[tuple[int, date], Values], numbers: Mapping[str, tuple[int, int]], as_of: date
) -> int:
    """Write what changed for some engagements; returns how many rows that were."""
    fresh = {
        (each, numbers[key][0]): (numbers[key][1], value)
        for (each, _), values in found.items()
        for key, value in values.items()
        if value is not None
    }
    metrics = {metric for metric, _ in numbers.values()}
    stored = stored_values({each for each, _ in found}, metrics)
    changed = [(*at, *row) for at, row in fresh.items() if stored.get(at) != row]
    gone = stored.keys() - fresh.keys()
    if changed or gone:
        with transaction.atomic():
            write_latest(changed, as_of)
            forget_latest(gone)
    return len(changed) + len(gone)


def forget_ended(
    current: Collection[int], ids: Collection[int] | None, keys: Collection[str] | None
) -> int:
    """Take away the latest values of those who are no longer current."""
    rows = LatestValue.objects.all()
    if ids is not None:
        rows = rows.filter(engagement__in=set(ids) - set(current))
    if keys is not None:
        rows = rows.filter(metric__key__in=keys)
    known = rows.order_by().values_list("engagement_id", flat=True).distinct()
    ended = sorted(set(known) - set(current))
    return sum(rows.filter(engagement__in=some).delete()[0] for some in paced(ended))


def free_key(name: Mapping[str, str]) -> str:
    """A key from the metric's name that no metric has."""
    plain = slugify(name.get("en") or "")[:LONGEST_KEY] or slugify(name.get("ja") or "")
    base = plain[:LONGEST_KEY] or "metric"
    taken = Metric.objects.filter(key=base).exists()
    return f"{base}-{new_uid()[:8]}" if taken or not plain else base


def current_version(metric: Metric) -> MetricVersion:
    """The version that is in force."""
    return metric.versions.filter(proposed=False).order_by("-number")[0]


def refuse_computed(metric: Metric) -> None:
    if not isinstance(load(current_version(metric).definition), Entered):
        raise NotEntered(metric.key)


def set_retired(metric: Metric, retired: bool) -> None:
    metric.retired_at = timezone.now() if retired else None
    metric.save(update_fields=["retired_at"])


def version_numbers(keys: Collection[str] | None = None) -> dict[str, tuple[int, int]]:
    """Of each metric in use, or of those of `keys`, its id and its current version."""
    rows = MetricVersion.objects.filter(metric__retired_at=None, proposed=False)
    rows = rows.order_by("metric", "number")
    if keys is not None:
        rows = rows.filter(metric__key__in=keys)
    return {
        key: (metric, number)
        for key, metric, number in rows.values_list("metric__key", "metric_id", "number")
    }


def stored_values(
    ids: Collection[int], metrics: Collection[int]
) -> dict[tuple[int, int], tuple[int, float]]:
    rows = LatestValue.objects.filter(engagement__in=ids, metric__in=metrics)
    cells = rows.values_list("engagement_id", "metric_id", "version", "value")
    return {(each, metric): (version, value) for each, metric, version, value in cells.iterator()}


@transaction.atomic
def write_latest(rows: Sequence[tuple[int, int, int, float]], as_of: date) -> None:
    """Upsert (engagement, metric, version, value); the ORM is nine times slower."""
    sql = (
        "INSERT INTO metrics_latestvalue (engagement_id, metric_id, version, value, as_of)"
        " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (engagement_id, metric_id) DO UPDATE"
        " SET version = excluded.version, value = excluded.value, as_of = excluded.as_of"
    )
    with connection.cursor() as cursor:
        cursor.executemany(sql, [(*row, as_of) for row in rows])


@transaction.atomic
def forget_latest(keys: Collection[tuple[int, int]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "DELETE FROM metrics_latestvalue WHERE engagement_id = %s AND metric_id = %s",
            list(keys),
        )
