"""Who may see what came in: whose calendar or mail it is, and nobody else.

What matched nobody may be anything, a doctor's appointment without a private mark as well; so not
even managers read it. Once its owner has left, administrators may clear it up.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from banso.base.models import Role, StaffGrant, User
from banso.inbound.models import Item


def items(user: User, role: Role) -> QuerySet[Item]:
    """The items `user` may read, the latest first."""
    mine = Q(user=user)
    if role == Role.ADMIN:
        in_post = StaffGrant.objects.filter(user=OuterRef("user"), ended_at=None)
        mine |= Q(~Exists(in_post))
    return Item.objects.filter(mine).select_related("user").order_by("-occurred_at", "-id")


def item_or_404(user: User, role: Role, uid: str) -> Item:
    """The item of that name; Http404 for one that `user` may not read."""
    return get_object_or_404(items(user, role), uid=uid)
