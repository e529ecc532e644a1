"""What people decide about placements: draft, change, show, stop showing, which comes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from banso.assets.models import Asset
from banso.base.activity import record
from banso.base.models import User
from banso.core.conditions import All, Condition, dump
from banso.events.models import Source
from banso.inproduct.models import Placement

EVERYBODY = All()


class Refused(Exception):
    """The verb does not apply; `code` says why: "no_guide", "active"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class PlacementSheet:
    """A placement as it is written."""

    source: Source
    asset: Asset
    kind: str = Placement.Kind.GUIDE
    page: str = ""
    condition: Condition = EVERYBODY
    from_on: date | None = None
    until_on: date | None = None

    @property
    def cells(self) -> dict[str, object]:
        return vars(self) | {"condition": dump(self.condition)}


@transaction.atomic
def draft_placement(*, sheet: PlacementSheet, by: User | None) -> Placement:
    """A new placement, after the others; nobody is shown it yet."""
    last = Placement.objects.aggregate(last=Max("position"))["last"]

    found = Placement.objects.create(
        position=0 if last is None else last + 1, created_by=by, **sheet.cells
    )
    record("placement.drafted", actor=by, subject_id=found.pk)
    return found


@transaction.atomic
def revise_placement(*, placement: Placement, sheet: PlacementSheet, by: User | None) -> Placement:
    """Write it anew; who was done with it stays so. Raises Refused("no_guide") where an active
    one would show what the other side may not read."""
    found = locked(placement)
    if found.state == "active":
        require_shown(sheet.asset)

    for name, value in sheet.cells.items():
        setattr(found, name, value)
    found.save()
    record("placement.revised", actor=by, subject_id=found.pk)
    return found


@transaction.atomic
def activate_placement(*, placement: Placement, by: User | None) -> Placement:
    """Show it from now on. Raises Refused("no_guide") where its asset is not for the other side;
    asking twice is harmless."""
    found = locked(placement)
    if found.state == "active":
        return found
    require_shown(found.asset)

    found.activated_at, found.retired_at = timezone.now(), None
    found.save(update_fields=["activated_at", "retired_at"])
    record("placement.activated", actor=by, subject_id=found.pk)
    return found


@transaction.atomic
def retire_placement(*, placement: Placement, by: User | None) -> Placement:
    """Show it to nobody any more; asking twice is harmless."""
    found = locked(placement)
    if found.state != "active":
        return found

    found.retired_at = timezone.now()
    found.save(update_fields=["retired_at"])
    record("placement.retired", actor=by, subject_id=found.pk)
    return found


@transaction.atomic
def order_placements(*, uids: Sequence[str], by: User | None) -> None:
    """Of several that fit, the first of these comes up; those not named come after."""
    rows = {each.uid: each for each in Placement.objects.select_for_update(of=("self",))}
    named = [rows[uid] for uid in uids if uid in rows]
    others = [each for uid, each in rows.items() if uid not in set(uids)]

    for place, each in enumerate([*named, *others]):
        each.position = place
    Placement.objects.bulk_update(rows.values(), ["position"])
    record("placement.ordered", actor=by, subject_id=None)


def require_shown(asset: Asset) -> None:
    """The asset is a guide in force that the other side may read."""
    if not is_shown(asset):
        raise Refused("no_guide")


def is_shown(asset: Asset) -> bool:
    return (
        asset.kind == Asset.Kind.GUIDE
        and asset.audience != Asset.Audience.INTERNAL
        and asset.retired_at is None
        and asset.current_id is not None
    )


def locked(placement: Placement) -> Placement:
    rows = Placement.objects.select_related("asset").select_for_update(of=("self",))
    return rows.get(pk=placement.pk)
