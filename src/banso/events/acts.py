"""Our own acts as events: the sealed activity stream drains into the inbox, each row once."""

import json
import re
from collections.abc import Mapping, Sequence

from django.db import transaction

from banso.base.models import Activity, Workspace
from banso.engagements.models import Engagement
from banso.events.inbox import ReceivedEvent, receive
from banso.events.models import Drained, Source
from banso.parties.models import Party

AT_ONCE = 1_000
CODE = re.compile(r"[a-z][a-z0-9_.-]{0,59}|[0-9]{4}-[0-9]{2}-[0-9]{2}")
OTHER_SIDE = "person"


@transaction.atomic
def drain_acts(limit: int = AT_ONCE) -> int:
    """Bring sealed activities that came since into the inbox; returns how many.

    The place up to which they are drained moves in the same transaction, so none is left out and
    none comes twice.
    """
    place = Drained.objects.filter(pk=1).first()
    after = place.position if place else 0
    if not Activity.objects.filter(position__gt=after).exists():
        return 0
    Workspace.objects.select_for_update().filter(id=1).first()
    place, _ = Drained.objects.get_or_create(pk=1)
    rows = Activity.objects.filter(position__gt=place.position).order_by("position")
    waiting = list(rows.select_related("actor")[:limit])
    if not waiting:
        return 0
    source = own_source()
    receive(source.pk, events_of(waiting, source.pk))
    place.position = waiting[-1].position or 0
    place.save(update_fields=["position"])
    return len(waiting)


def own_source() -> Source:
    return Source.objects.get_or_create(key=Source.BANSO, defaults={"name": "Banso"})[0]


def events_of(rows: Sequence[Activity], source: int) -> list[ReceivedEvent]:
    """The activities as events: the engagement and the person by uid, ids and codes, no texts."""
    ids = {row.engagement_id for row in rows if row.engagement_id}
    accounts = dict(Engagement.objects.filter(pk__in=ids).values_list("pk", "uid"))
    parties = {each for row in rows if (each := party_of(row))}
    people = dict(Party.objects.filter(pk__in=parties).values_list("pk", "uid"))
    return [
        ReceivedEvent(
            source=source,
            message=f"act-{row.position}",
            ts=row.at,
            account=accounts.get(row.engagement_id or 0),
            person=row.actor.uid if row.actor else people.get(party_of(row) or 0),
            event=row.verb,
            count=1,
            properties=json.dumps(properties_of(row), sort_keys=True, ensure_ascii=False),
        )
        for row in rows
    ]


def party_of(row: Activity) -> int | None:
    """The person of the other side who did it, where it says so."""
    told = row.detail.get(OTHER_SIDE) if isinstance(row.detail, Mapping) else None
    return told if row.actor_id is None and type(told) is int else None


def properties_of(row: Activity) -> dict[str, str | int | float | bool]:
    """What an activity holds that is a number or a code."""
    subject = {} if row.subject_id is None else {"subject": row.subject_id}
    return subject | {name: value for name, value in row.detail.items() if plain(value)}


def plain(value: object) -> bool:
    return isinstance(value, int | float) or (
        isinstance(value, str) and CODE.fullmatch(value) is not None
    )
