"""What people do with alerts: see them, act on them, mute and tune them."""

from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from banso.actions.models import Action, Contact
from banso.alerts.access import levels_of
from banso.alerts.models import Alert, AlertLevel, AlertMute
from banso.base.activity import record
from banso.base.models import User
from banso.core.moves import LEVELS
from banso.engagements.models import Engagement

ACTED_DAYS = 30
"""A contact or a next step so long after an alert still counts as done about it."""
DAY = timedelta(days=1)


@transaction.atomic
def see(*, alert: Alert, by: User) -> Alert:
    """Close an alert as seen; asking twice is harmless."""
    alert = locked(alert)
    if alert.closed_as:
        return alert

    alert.closed_as, alert.closed_at, alert.closed_by = Alert.Closed.SEEN, timezone.now(), by
    alert.save(update_fields=["closed_as", "closed_at", "closed_by"])
    record_of(alert, "alert.seen", by)
    return alert


@transaction.atomic
def reopen(*, alert: Alert, by: User) -> Alert:
    """Take a closing back."""
    alert = locked(alert)
    if not alert.closed_as:
        return alert

    alert.closed_as, alert.closed_at, alert.closed_by = Alert.Closed.OPEN, None, None
    alert.contact, alert.action = None, None
    alert.save(update_fields=["closed_as", "closed_at", "closed_by", "contact", "action"])
    record_of(alert, "alert.reopened", by)
    return alert


@transaction.atomic
def mute(
    *, by: User, until: date, engagement: Engagement | None = None, kind: str = ""
) -> AlertMute:
    """Hear nothing of a customer, or of a kind, until a day; replaces the same mute before."""
    same = AlertMute.objects.filter(user=by, engagement=engagement, kind=kind, ended_at=None)
    same.update(ended_at=timezone.now())
    muted = AlertMute.objects.create(user=by, engagement=engagement, kind=kind, until=until)
    record(
        "alert.muted",
        actor=by,
        engagement_id=engagement.pk if engagement else None,
        subject_id=muted.pk,
        detail={"kind": kind, "until": until.isoformat()},
    )
    return muted


@transaction.atomic
def unmute(*, muted: AlertMute, by: User) -> None:
    """Hear of it again; asking twice is harmless."""
    if not AlertMute.objects.filter(pk=muted.pk, ended_at=None).update(ended_at=timezone.now()):
        return
    record("alert.unmuted", actor=by, engagement_id=muted.engagement_id, subject_id=muted.pk)


@transaction.atomic
def tune(*, kind: str, level: int, by: User) -> int:
    """One's own level of a kind, from 0 (off) to 5 (most); returns it."""
    chosen = min(max(level, 0), max(LEVELS))
    AlertLevel.objects.update_or_create(user=by, kind=kind, defaults={"level": chosen})
    record("alert.tuned", actor=by, detail={"kind": kind, "level": chosen})
    return chosen


@transaction.atomic
def tune_by(*, kind: str, step: int, by: User) -> int:
    """One step less or more than now; returns the level."""
    return tune(kind=kind, level=levels_of(by)[kind] + step, by=by)


@transaction.atomic
def tune_for_all(*, kind: str, level: int | None, by: User) -> None:
    """The level of a kind for everybody who chose none; None leaves it to the record."""
    if level is None:
        AlertLevel.objects.filter(user=None, kind=kind).delete()
    else:
        AlertLevel.objects.update_or_create(user=None, kind=kind, defaults={"level": level})
    record("alert.default_set", actor=by, detail={"kind": kind, "level": level})


def close_acted(ids: Collection[int] | None, today: date) -> int:
    """Close the open alerts after which somebody got in touch or set a next step, with what was
    done; of these engagements, else of all. Returns how many."""
    closed = 0
    for alert in list(answered(ids, today)):
        closed += close_by(alert)
    return closed


@transaction.atomic
def close_by(alert: Alert) -> bool:
    """Close one alert by what `answered` found about it; False where it was closed meanwhile."""
    contact = Contact.objects.filter(pk=getattr(alert, "by_contact", None) or 0).first()
    action = Action.objects.filter(pk=getattr(alert, "by_action", None) or 0).first()
    by = (contact.by if contact else None) or (action.created_by if action else None)
    changed = Alert.objects.filter(pk=alert.pk, closed_as="").update(
        closed_as=Alert.Closed.ACTED,
        closed_at=timezone.now(),
        closed_by=by,
        contact=contact,
        action=action,
    )
    if changed:
        done = "contact" if contact else "action"
        record(
            "alert.acted",
            actor=by,
            engagement_id=alert.engagement_id,
            subject_id=alert.pk,
            detail={"kind": alert.kind, "by": done},
        )
    return bool(changed)


def answered(ids: Collection[int] | None, today: date) -> QuerySet[Alert]:
    """Open alerts with the first contact and the first next step written down after them."""
    contacts = Contact.objects.filter(
        engagement=OuterRef("engagement"),
        recorded_at__gt=OuterRef("raised_at"),
        occurred_at__gt=OuterRef("raised_at") - DAY,
    ).order_by("recorded_at")
    steps = Action.objects.filter(
        engagement=OuterRef("engagement"), created_at__gt=OuterRef("raised_at")
    ).order_by("created_at")
    rows = Alert.objects.filter(closed_as="", day__gte=today - timedelta(days=ACTED_DAYS))
    if ids is not None:
        rows = rows.filter(engagement__in=ids)
    found = rows.annotate(
        by_contact=Subquery(contacts.values("pk")[:1]), by_action=Subquery(steps.values("pk")[:1])
    )
    return found.exclude(by_contact=None, by_action=None).order_by("pk")


def locked(alert: Alert) -> Alert:
    return Alert.objects.select_for_update().get(pk=alert.pk)


def record_of(alert: Alert, verb: str, by: User) -> None:
    record(
        verb,
        actor=by,
        engagement_id=alert.engagement_id,
        subject_id=alert.pk,
        detail={"kind": alert.kind},
    )
