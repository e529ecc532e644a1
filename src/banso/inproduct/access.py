"""Who sees placements and the products they are in, and what of their counts."""

from django.db.models import Exists, Q, QuerySet
from django.shortcuts import get_object_or_404

from banso.base.models import StaffGrant, User
from banso.engagements.access import readable
from banso.events.models import Source
from banso.ingest.access import sources
from banso.inproduct.models import Appearance, Placement


def placements(user: User) -> QuerySet[Placement]:
    """Everybody's in post: they name no customer."""
    in_post = StaffGrant.objects.filter(user=user, ended_at=None)
    return Placement.objects.filter(Exists(in_post))


def placement_or_404(user: User, uid: str) -> Placement:
    rows = placements(user).select_related("source", "asset__current", "created_by")
    return get_object_or_404(rows, uid=uid)


def appearances(user: User) -> QuerySet[Appearance]:
    """Those to people of engagements that `user` may read, and of nobody's."""
    in_post = StaffGrant.objects.filter(user=user, ended_at=None)
    return Appearance.objects.filter(readable(user) | Q(Exists(in_post), engagement=None))


def product_or_404(user: User, key: str) -> Source:
    return get_object_or_404(sources(user).select_related("embedding"), key=key)
