"""What came of it in the product: an event like those of SDKs, and for people we know of a row
that lets nothing come up twice."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from banso.assets.models import Showing
from banso.assets.use import finish, show
from banso.engagements.models import Engagement
from banso.ingest.intake import Post, take
from banso.ingest.wire import Refused
from banso.inproduct.models import Appearance, Placement
from banso.inproduct.visitors import Visitor
from banso.parties.models import Party

EVENTS = {"shown": "Guide shown", "closed": "Guide closed", "done": "Guide done"}
SILENT = ("erased",)
"""What the page of the product is not told: its console is not ours."""


@dataclass(frozen=True)
class Told:
    """What the script tells: `visit` is a random name of one look at a page."""

    placement: Placement
    what: str
    visit: str
    page: str


def note(told: Told, visitor: Visitor, *, key: str, origin: str, at: datetime) -> None:
    """Keep it, durably and once however often it is told. Raises banso.ingest.wire.Refused."""
    if visitor.identity is not None and is_kept(told, visitor):
        return
    call = json.dumps(call_of(told, visitor) | {"writeKey": key}).encode()
    try:
        take(Post(body=call, kind="track", authorization="", origin=origin, at=at))
    except Refused as refusal:
        if refusal.code in SILENT:
            return
        raise
    if visitor.identity is not None:
        appear(told=told, visitor=visitor, at=at)


def is_kept(told: Told, visitor: Visitor) -> bool:
    """Whether that is known of the person: the lake counts a message once within some days only."""
    rows = Appearance.objects.filter(placement=told.placement, person=visitor.name)
    ends = list(rows.values_list("ended_as", flat=True))
    return bool(ends) and (told.what == "shown" or bool(ends[0]))


def call_of(told: Told, visitor: Visitor) -> dict[str, object]:
    """As an SDK would track it; of somebody signed each thing happens once."""
    identity = visitor.identity
    whose = visitor.name[:32] if identity else told.visit
    placement = told.placement
    who: dict[str, object] = {"anonymousId": told.visit}
    if identity:
        who = {"userId": identity.person, "context": {"groupId": identity.account}}
    return who | {
        "messageId": f"guide-{placement.uid}-{told.what}-{whose}",
        "event": EVENTS[told.what],
        "properties": {
            "placement": placement.uid,
            "asset": placement.asset.uid,
            "kind": placement.kind,
            "page": told.page,
        },
    }


@transaction.atomic
def appear(*, told: Told, visitor: Visitor, at: datetime) -> Appearance:
    """It came up for them, once; the first way in which they were done with it counts."""
    begun = {"engagement_id": visitor.engagement, "at": at}
    once, _ = Appearance.objects.get_or_create(
        placement=told.placement, person=visitor.name, defaults=begun
    )
    found = Appearance.objects.select_for_update(of=("self",)).get(pk=once.pk)

    if found.showing_id is None and visitor.engagement is not None:
        found.showing = showing_of(told, visitor, at)
        found.save(update_fields=["showing"])
    if told.what != "shown" and not found.ended_as:
        found.ended_as, found.ended_at = told.what, at
        found.save(update_fields=["ended_as", "ended_at"])
        if told.what == Appearance.End.DONE and found.showing is not None:
            finish(showing=found.showing, by=None, at=at)
    return found


def showing_of(told: Told, visitor: Visitor, at: datetime) -> Showing | None:
    """What colleagues see of it."""
    version = told.placement.asset.current
    if version is None or visitor.engagement is None:
        return None
    person = Party.objects.filter(pk=visitor.party).first() if visitor.party else None
    once = f"guide:{told.placement.uid}:{visitor.name}"
    return show(
        version=version,
        engagement=Engagement(pk=visitor.engagement),
        by=None,
        person=person,
        way=Showing.Way.GUIDE,
        at=at,
        once=once,
    )
