"""Who may see and take back which import."""

from django.db.models import Exists, QuerySet
from django.shortcuts import get_object_or_404

from banso.base.models import Role, StaffGrant, User
from banso.base.roles import MANAGERS, WRITERS
from banso.events.models import Import


def imports(user: User) -> QuerySet[Import]:
    """Every import: staff with an open grant read all, the last one first."""
    allowed = StaffGrant.objects.filter(user=user, ended_at=None)
    found = Import.objects.filter(Exists(allowed)).select_related("by", "undone_by", "source")
    return found.order_by("-created_at", "-id")


def import_or_404(user: User, uid: str) -> Import:
    """The import of that name; Http404 for one that `user` may not read."""
    return get_object_or_404(imports(user), uid=uid)


def may_undo(user: User, role: Role, owner: Import) -> bool:
    """Managers take any import back, others their own."""
    return role in MANAGERS or (role in WRITERS and owner.by_id == user.pk)
