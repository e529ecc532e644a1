"""Who reads, writes and publishes which asset; whose showings and talks one sees."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from banso.assets.models import Asset, Showing, Walkthrough
from banso.base.models import Role, StaffGrant, User
from banso.base.roles import MANAGERS, WRITERS
from banso.engagements.access import may_write as may_write_customer
from banso.engagements.access import readable


def assets(user: User) -> QuerySet[Asset]:
    """Every asset, drafts and retired ones too, for everybody in post."""
    in_post = StaffGrant.objects.filter(user=user, ended_at=None)
    return Asset.objects.filter(Exists(in_post))


def asset_or_404(user: User, uid: str) -> Asset:
    rows = assets(user).select_related("current", "owner", "changed_by")
    return get_object_or_404(rows, uid=uid)


def in_use(user: User, kind: str) -> QuerySet[Asset]:
    """The assets of a kind that have a version in force."""
    return assets(user).filter(kind=kind, retired_at=None, current__isnull=False)


def may_publish(role: Role, asset: Asset) -> bool:
    """Who writes publishes for colleagues; what the other side reads is published by managers."""
    return role in (WRITERS if asset.audience == Asset.Audience.INTERNAL else MANAGERS)


def require_publish(role: Role, asset: Asset) -> None:
    if not may_publish(role, asset):
        raise PermissionDenied


FOR_THEM = (Asset.Audience.PUBLIC, Asset.Audience.CUSTOMERS)
"""What somebody with a private link reads."""


def help_pages(audiences: Collection[str] = (Asset.Audience.PUBLIC,)) -> QuerySet[Asset]:
    """What the other side may read: published and not retired, for one of these audiences."""
    others = set(audiences) - {Asset.Audience.INTERNAL}
    rows = Asset.objects.filter(audience__in=others, retired_at=None, current__isnull=False)
    return rows.select_related("current")


def showings(user: User) -> QuerySet[Showing]:
    """Those to engagements that `user` may read."""
    return Showing.objects.filter(readable(user))


def walkthroughs(user: User) -> QuerySet[Walkthrough]:
    """Those with engagements that `user` may read, and every role-play."""
    in_post = StaffGrant.objects.filter(user=user, ended_at=None)
    role_play = Q(engagement=None) & Exists(in_post)
    return Walkthrough.objects.filter(readable(user) | role_play)


def walkthrough_or_404(user: User, uid: str) -> Walkthrough:
    rows = walkthroughs(user).select_related(
        "version__asset", "engagement__party", "engagement__owner", "partner", "by", "contact"
    )
    return get_object_or_404(rows, uid=uid)


def own_walkthrough(user: User, role: Role, uid: str) -> Walkthrough:
    """One that `user` may go on with: their own, with a customer they may write for. Http404 for
    somebody else's, PermissionDenied where the customer is another team's by now."""
    found = walkthrough_or_404(user, uid)
    if user.pk not in (found.by_id, found.partner_id):
        raise Http404
    if found.engagement is not None and not may_write_customer(user, role, found.engagement):
        raise PermissionDenied
    return found
