"""Contacts, open steps and what is set aside, as they were known on a day."""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max, Min, Q, QuerySet
from django.utils import timezone

from banso.actions.models import Action, Contact, SetAside
from banso.base.workspace import day_end, workspace
from banso.core.metrics import Occurrence

IN_HAND_DAYS = 7


def contact_occurrences(
    as_of: date, since: date | None = None, ids: Collection[int] | None = None
) -> list[tuple[int, Occurrence]]:
    """(engagement id, contact) of the local days `since`..`as_of`, oldest first.

    The person is the first of those named, as its number in text.
    """
    contacts = contacts_by(as_of, ids)
    if since is not None:
        contacts = contacts.filter(occurred_at__gte=day_end(since - timedelta(days=1)))
    rows = contacts.annotate(person=Min("people")).order_by("occurred_at", "id")
    return [
        (
            engagement_id,
            Occurrence(at, "contact", str(person) if person else None, 1, {"channel": channel}),
        )
        for engagement_id, at, channel, person in rows.values_list(
            "engagement_id", "occurred_at", "channel", "person"
        )
    ]


def action_occurrences(
    as_of: date, since: date, ids: Collection[int] | None = None
) -> list[tuple[int, Occurrence]]:
    """(engagement id, what became of a step) of the local days `since`..`as_of`, oldest first.

    "action_opened" when it was added; "action_overdue" at the first local midnight after its due
    day at which it was open; "action_done" or "action_dropped" when it was closed, with
    {late_days}, how many days after the due day (0: in time).
    """
    place = workspace()
    zone, first, end = ZoneInfo(place.timezone), day_end(since - timedelta(days=1)), day_end(as_of)
    not_long_closed = Q(closed_at=None) | Q(closed_at__gte=first)
    steps = Action.objects.filter(among(ids), not_long_closed, created_at__lt=end)
    found = [
        (engagement_id, told)
        for engagement_id, opened, due_on, closed, closed_as in steps.values_list(
            "engagement_id", "created_at", "due_on", "closed_at", "closed_as"
        ).iterator()
        for told in _life(opened, due_on, closed, closed_as, zone)
        if first <= told.at < end
    ]
    return sorted(found, key=lambda each: each[1].at)


def _life(
    opened: datetime, due_on: date, closed: datetime | None, closed_as: str, zone: ZoneInfo
) -> Iterator[Occurrence]:
    yield Occurrence(opened, "action_opened")
    late = datetime.combine(due_on + timedelta(days=1), time(), zone).astimezone(UTC)
    if closed is None or closed >= late:
        yield Occurrence(max(late, opened), "action_overdue")
    if closed is not None:
        days = max(0, (closed.astimezone(zone).date() - due_on).days)
        yield Occurrence(closed, f"action_{closed_as}", None, 1, {"late_days": days})


def last_contacts(as_of: date, ids: Collection[int] | None = None) -> dict[int, date]:
    """The local day of each engagement's last contact by `as_of`; absent where there is none."""
    zone = ZoneInfo(workspace().timezone)
    rows = contacts_by(as_of, ids).values("engagement_id").annotate(last=Max("occurred_at"))
    return {
        engagement_id: last.astimezone(zone).date()
        for engagement_id, last in rows.values_list("engagement_id", "last")
    }


def in_hand(as_of: date, ids: Collection[int] | None = None) -> set[int]:
    """Engagements with a contact in the last 7 days or an open step due after `as_of`."""
    recent = contacts_by(as_of, ids).filter(
        occurred_at__gte=day_end(as_of - timedelta(days=IN_HAND_DAYS))
    )
    coming = open_steps(as_of, ids).filter(due_on__gt=as_of)
    return {
        *recent.values_list("engagement_id", flat=True),
        *coming.values_list("engagement_id", flat=True),
    }


def contacts_by(as_of: date, ids: Collection[int] | None = None) -> QuerySet[Contact]:
    """Contacts that had happened by the end of `as_of`."""
    return Contact.objects.filter(among(ids), occurred_at__lt=day_end(as_of))


def open_steps(as_of: date, ids: Collection[int] | None = None) -> QuerySet[Action]:
    """Steps added by the end of `as_of` and not closed then, soonest first."""
    end = day_end(as_of)
    not_closed = Q(closed_at=None) | Q(closed_at__gte=end)
    if end > timezone.now():
        not_closed = Q(closed_as="")
    return Action.objects.filter(among(ids), not_closed, created_at__lt=end).order_by(
        "due_on", "id"
    )


def next_steps(as_of: date, ids: Sequence[int]) -> dict[int, Action]:
    """The soonest open step of each of these engagements, with its owner."""
    found: dict[int, Action] = {}
    for step in open_steps(as_of, ids).select_related("owner"):
        found.setdefault(step.engagement_id, step)
    return found


def set_aside_on(as_of: date, ids: Collection[int] | None = None) -> QuerySet[SetAside]:
    """What was set aside on `as_of`: begun by then, not ended then, its day not yet come."""
    end = day_end(as_of)
    not_ended = Q(ended_at=None)
    if end <= timezone.now():
        not_ended |= Q(ended_at__gte=end)
    return SetAside.objects.filter(among(ids), not_ended, at__lt=end, until__gt=as_of)


def among(ids: Collection[int] | None) -> Q:
    return Q() if ids is None else Q(engagement_id__in=ids)
