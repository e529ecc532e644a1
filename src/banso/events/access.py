"""Who may see and handle which import, and what of its file."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Q, QuerySet
from django.shortcuts import get_object_or_404

from banso.base.models import Role, StaffGrant, User
from banso.base.roles import MANAGERS, WRITERS
from banso.core.text import key
from banso.engagements.access import hidden_from
from banso.events.models import ExternalId, Import
from banso.parties.models import Party

DOTS = "•••"


def imports(user: User) -> QuerySet[Import]:
    """Every import: staff with an open grant read all, the last one first."""
    allowed = StaffGrant.objects.filter(user=user, ended_at=None)
    found = Import.objects.filter(Exists(allowed)).select_related(
        "by", "undone_by", "source", "run", "part__recipe"
    )
    return found.order_by("-created_at", "-id")


def import_or_404(user: User, uid: str) -> Import:
    """The import of that name; Http404 for one that `user` may not read."""
    return get_object_or_404(imports(user), uid=uid)


def may_handle(user: User, role: Role, owner: Import) -> bool:
    """Managers confirm, stop and take back any import, others their own."""
    return role in MANAGERS or (role in WRITERS and owner.by_id == user.pk)


@dataclass(frozen=True)
class Hidden:
    """What a reader may not read in a file: folded names wherever they stand, ids as a cell."""

    names: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()

    def shown(self, cell: str) -> str:
        """The cell, or dots where it names what may not be read."""
        if not self.names and not self.ids:
            return cell
        folded = key(cell)
        hit = folded in self.ids or any(name in folded for name in self.names)
        return DOTS if hit else cell


def hidden_in(user: User, owner: Import) -> Hidden:
    """Restricted customers, their people and their ids that `user` may not read; whoever brought
    the file knows what it holds."""
    hidden = set() if owner.by_id == user.pk else hidden_from(user)
    if not hidden:
        return Hidden()
    named = Q(engagements__in=hidden) | Q(memberships__home__engagements__in=hidden)
    parties = Party.objects.filter(named)
    ids = ExternalId.objects.filter(Q(engagement__in=hidden) | Q(party__in=parties.values("pk")))
    words = {word for pair in parties.values_list("name", "person__email") for word in pair}
    return Hidden(
        frozenset(key(word) for word in words if word),
        frozenset(key(value) for value in ids.values_list("value", flat=True)),
    )


def require_handle(user: User, role: Role, owner: Import) -> None:
    """Raises PermissionDenied unless `user` may confirm, stop and take back the import."""
    if not may_handle(user, role, owner):
        raise PermissionDenied
