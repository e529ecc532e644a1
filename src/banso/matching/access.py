"""Who may see and answer which suggestion, and see and undo which merge."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from banso.base.models import Role, User
from banso.base.roles import MANAGERS, WRITERS
from banso.engagements.access import engagements, with_merged, writable
from banso.engagements.models import Engagement
from banso.matching.models import Match, Merge


def waiting(user: User, role: Role, kind: str) -> QuerySet[Match]:
    """The suggestions that wait for `user`: those about two parties both of which they may
    change, in the order of the queue."""
    rows = Match.objects.filter(
        kind=kind,
        state=Match.State.PENDING,
        left__merged_into=None,
        right__merged_into=None,
    )
    mine = writable(user, role)
    found = rows.filter(_of(mine, "left"), _of(mine, "right"))
    ordered = found.order_by("postponed", "-first", "-bits", "id")
    return ordered.select_related("left", "right")


def match_or_404(user: User, role: Role, uid: str) -> Match:
    """A suggestion that `user` may answer, answered or not; Http404 for any other."""
    mine = writable(user, role)
    rows = Match.objects.filter(_of(mine, "left"), _of(mine, "right"))
    return get_object_or_404(rows.select_related("left", "right"), uid=uid)


def rejected(user: User) -> QuerySet[Match]:
    """The pairs said to be different that `user` may read, the latest first."""
    mine = engagements(user)
    rows = Match.objects.filter(_of(mine, "left"), _of(mine, "right"), state=Match.State.REJECTED)
    return rows.order_by("-at", "-id").select_related("left", "right", "by")


def merges(user: User) -> QuerySet[Merge]:
    """The merges of parties that `user` may read, the latest first."""
    mine = with_merged(user)
    rows = Merge.objects.filter(_of(mine, "winner"), _of(mine, "loser"))
    return rows.order_by("-at", "-id").select_related("winner", "loser", "by", "undone_by")


def merge_or_404(user: User, uid: str) -> Merge:
    """A merge that `user` may read; Http404 for any other."""
    return get_object_or_404(merges(user), uid=uid)


def may_undo(user: User, role: Role, done: Merge) -> bool:
    """Managers undo any merge, others their own."""
    return role in MANAGERS or (role in WRITERS and done.by_id == user.pk)


def _of(rows: QuerySet[Engagement], column: str) -> Q:
    """Of matches and merges: the party in that column is one of these customers, or belongs to
    one."""
    party = OuterRef(column)
    return Q(Exists(rows.filter(party=party))) | Q(
        Exists(rows.filter(party__members__person=party))
    )
