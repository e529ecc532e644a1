"""Who is told of an alert: whoever looks after the customer, at their own level."""

from collections.abc import Collection, Sequence

from banso.alerts.access import OFF, levels_of_all
from banso.alerts.models import Alert, AlertMute
from banso.base.notices import notify
from banso.base.workspace import local_today
from banso.engagements.access import readers_of
from banso.engagements.models import Engagement

type Silenced = Collection[tuple[int, int | None, str]]


def tell(raised: Sequence[Alert]) -> None:
    """Notify the owners of the customers; nobody hears of what they muted or tuned away. Call it
    in the transaction that wrote the alerts."""
    for alert, user in owners_of(raised):
        if user in readers_of(alert.engagement_id):
            notify(
                "alert.raised",
                [user],
                actor=None,
                engagement_id=alert.engagement_id,
                subject_id=alert.pk,
                detail={"kind": alert.kind, "alert": alert.uid},
            )


def owners_of(raised: Sequence[Alert]) -> list[tuple[Alert, int]]:
    """Each alert with the user who is to know of it."""
    rows = Engagement.objects.filter(pk__in={each.engagement_id for each in raised})
    owners = {key: owner for key, owner in rows.values_list("pk", "owner_id") if owner}
    levels = levels_of_all(set(owners.values()))
    silenced = silenced_by(levels)
    found = [(each, owners[each.engagement_id]) for each in raised if each.engagement_id in owners]
    return [
        (each, user)
        for each, user in found
        if fires(each, levels[user]) and not muted(each, user, silenced)
    ]


def silenced_by(users: Collection[int]) -> Silenced:
    rows = AlertMute.objects.filter(user__in=users, ended_at=None, until__gt=local_today())
    return set(rows.values_list("user_id", "engagement_id", "kind"))


def fires(alert: Alert, levels: dict[str, int]) -> bool:
    level = levels.get(alert.kind, OFF)
    return level != OFF and bool(alert.levels >> (level - 1) & 1)


def muted(alert: Alert, user: int, silenced: Silenced) -> bool:
    about = ((alert.engagement_id, ""), (alert.engagement_id, alert.kind), (None, alert.kind))
    return any((user, *each) in silenced for each in about)
