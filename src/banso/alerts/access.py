"""Which alerts a user gets: of customers they may read, at their levels, but the muted."""

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from banso.alerts.models import Alert, AlertLevel, AlertMute, AlertRecord, Kind
from banso.base.models import User
from banso.core.moves import LEVELS, STANDARD
from banso.core.track_record import Record
from banso.engagements.access import Scope, book, readable

type Levels = Mapping[str, int]
OFF = 0


def alerts(
    user: User, today: date, scope: Scope = "all", levels: Levels | None = None
) -> QuerySet[Alert]:
    """The alerts `user` gets, of their own book, their team's or all they may read; `levels` are
    theirs, where they are known already."""
    mine = Alert.objects.filter(
        Exists(book(user, scope).order_by().filter(pk=OuterRef("engagement_id")))
    )
    return mine.filter(at_levels(levels or levels_of(user))).exclude(Exists(muting(user, today)))


def alert_or_404(user: User, uid: str) -> Alert:
    """The alert of that name, muted or not; Http404 for a customer that `user` may not read."""
    known = Alert.objects.filter(readable(user))
    return get_object_or_404(
        known.select_related("engagement__party", "engagement__owner", "person", "closed_by"),
        uid=uid,
    )


def at_levels(levels: Levels) -> Q:
    """Alerts that fire at these levels of their kinds."""
    wanted = Q(pk__in=[])
    for kind, level in levels.items():
        if level != OFF:
            wanted |= Q(kind=kind, levels__in=firing(level))
    return wanted


def firing(level: int) -> list[int]:
    """The sets of bits that hold a level."""
    bit = 1 << (level - 1)
    return [bits for bits in range(1, 1 << len(LEVELS)) if bits & bit]


def muting(user: User, today: date) -> QuerySet[AlertMute]:
    """The user's mutes that hold today, of the alert of the query around."""
    return open_mutes(user, today).filter(
        Q(engagement=None) | Q(engagement=OuterRef("engagement")),
        Q(kind="") | Q(kind=OuterRef("kind")),
    )


def open_mutes(user: User, today: date) -> QuerySet[AlertMute]:
    return AlertMute.objects.filter(user=user, ended_at=None, until__gt=today)


def levels_of(user: User) -> dict[str, int]:
    """The user's level of each kind: their own, the workspace's, or what the record allows."""
    return levels_of_all([user.pk])[user.pk]


def levels_of_all(users: Collection[int]) -> dict[int, dict[str, int]]:
    """As `levels_of`, for many users in two statements."""
    common = defaults()
    found = {each: dict(common) for each in users}
    rows = AlertLevel.objects.filter(user__in=users)
    for user, kind, level in rows.values_list("user_id", "kind", "level"):
        found[user][kind] = level
    return found


def defaults() -> dict[str, int]:
    """The level of each kind for those who chose none: the workspace's, else the standard one
    where its record beats chance, else off."""
    kept = stored_records()
    chosen = dict(AlertLevel.objects.filter(user=None).values_list("kind", "level"))
    return {kind: chosen.get(kind, earned(kept.get((kind, STANDARD)))) for kind in Kind.values}


def earned(record: Record | None) -> int:
    """The level a kind has by its own record."""
    return STANDARD if record is not None and record.beats_chance else OFF


def stored_records() -> dict[tuple[str, int], Record]:
    """What the last back-test found, by rule and level."""
    return {
        (row.rule, row.level): Record(row.alerts, row.followed, row.chance, row.lead_days)
        for row in AlertRecord.objects.all()
    }
