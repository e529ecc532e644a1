"""What people decide about a metric's meaning: propose another, look at it, adopt it or not."""

from django.db import transaction
from django.utils import timezone

from banso.base.activity import record
from banso.base.models import User
from banso.core.definitions import dump, load
from banso.core.metrics import Definition, Entered
from banso.metrics.actions import current_version
from banso.metrics.backfill import UNDER_WAY
from banso.metrics.models import Backfill, Metric, MetricVersion


class NoProposal(ValueError):
    """There is nothing to adopt or to withdraw."""


@transaction.atomic
def propose_version(*, metric: Metric, definition: Definition, by: User) -> MetricVersion:
    """Another meaning, beside the one in force; it takes the place of an earlier proposal.

    Raises ValueError for a change between typed and computed: that is another metric.
    """
    locked = Metric.objects.select_for_update().get(pk=metric.pk)
    current = current_version(locked)

    if isinstance(load(current.definition), Entered) != isinstance(definition, Entered):
        raise ValueError("typed and computed are two metrics")
    number = current.number + 1

    drop_proposal(locked)
    proposed = MetricVersion.objects.create(
        metric=locked, number=number, definition=dump(definition), created_by=by, proposed=True
    )
    record("metric.proposed", actor=by, subject_id=metric.pk, detail={"version": number})
    return proposed


@transaction.atomic
def adopt_version(*, metric: Metric, by: User) -> MetricVersion:
    """The proposed meaning is in force; raises NoProposal."""
    proposed = proposal(metric)

    proposed.proposed, proposed.adopted_at, proposed.adopted_by = False, timezone.now(), by
    proposed.save(update_fields=["proposed", "adopted_at", "adopted_by"])
    detail = {"version": proposed.number}
    record("metric.revised", actor=by, subject_id=metric.pk, detail=detail)
    return proposed


@transaction.atomic
def withdraw_version(*, metric: Metric, by: User) -> None:
    """The proposed meaning is dropped; the one in force stays. Raises NoProposal."""
    number = proposal(metric).number

    drop_proposal(metric)
    record("metric.withdrawn", actor=by, subject_id=metric.pk, detail={"version": number})


def proposal(metric: Metric) -> MetricVersion:
    found = metric.versions.select_for_update().filter(proposed=True).first()
    if found is None:
        raise NoProposal(metric.key)
    return found


def drop_proposal(metric: Metric) -> None:
    """It is gone, and nobody computes its past any more."""
    rows = Backfill.objects.filter(versions__metric=metric, versions__proposed=True)
    open_rows = Backfill.objects.filter(pk__in=rows.values("pk"), status__in=UNDER_WAY)
    open_rows.update(status=Backfill.Status.CANCELLED, ended_at=timezone.now())
    metric.versions.filter(proposed=True).delete()
