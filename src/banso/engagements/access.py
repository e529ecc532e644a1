"""Who may see and change which engagement: the only way from a request to a row."""

from collections.abc import Callable, Collection
from typing import Literal

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from banso.base.models import Role, StaffGrant, User
from banso.base.roles import MANAGERS, WRITERS
from banso.engagements.models import Engagement, EngagementReader

type Scope = Literal["me", "team", "all"]


class Merged(Exception):
    """The engagement asked for was merged into another; a request goes on to that one."""

    def __init__(self, uid: str, into: str) -> None:
        super().__init__(uid)
        self.uid, self.into = uid, into


def engagements(user: User) -> QuerySet[Engagement]:
    """Every engagement `user` may read but those merged into another: staff with an open grant
    read all but the restricted, which are for their owner, named readers and administrators."""
    return with_merged(user).filter(merged_into=None)


def with_merged(user: User) -> QuerySet[Engagement]:
    """As `engagements`, with those that were merged into another."""
    in_post = StaffGrant.objects.filter(user=user, ended_at=None)
    readable = Engagement.objects.filter(Exists(in_post)).filter(~restricted_from(user))
    return readable.select_related("party", "owner")


def restricted_from(user: User) -> Q:
    """Of engagements: restricted, and `user` is none of those it is for."""
    admin = StaffGrant.objects.filter(user=user, ended_at=None, role=Role.ADMIN)
    named = EngagementReader.objects.filter(user=user).values("engagement")
    other_owner = Q(owner=None) | ~Q(owner=user)
    return Q(Q(restricted=True), other_owner, ~Q(pk__in=named), ~Exists(admin))


def hidden_from(user: User) -> set[int]:
    """The ids of the engagements that `user` may not read; few, for what counts by id.

    Most restrict none, and the whole condition takes longer to say than this to ask.
    """
    if not Engagement.objects.filter(restricted=True).exists():
        return set()
    return set(Engagement.objects.filter(restricted_from(user)).values_list("pk", flat=True))


def readers_of(engagement_id: int) -> set[int]:
    """The ids of everybody in post who may read the engagement; nobody of one that is gone."""
    found = Engagement.objects.filter(pk=engagement_id).first()
    return set(readers(found).values_list("pk", flat=True)) if found else set()


def readers(engagement: Engagement) -> QuerySet[User]:
    """Everybody in post who may read the engagement, by name."""
    in_post = StaffGrant.objects.filter(ended_at=None)
    staff = User.objects.filter(pk__in=in_post.values("user")).order_by("name", "pk")
    if not engagement.restricted:
        return staff
    admins = in_post.filter(role=Role.ADMIN).values("user")
    named = EngagementReader.objects.filter(engagement=engagement).values("user")
    owner = Engagement.objects.filter(pk=engagement.pk).values("owner")
    return staff.filter(Q(pk__in=owner) | Q(pk__in=admins) | Q(pk__in=named))


def readable(user: User, at: str = "engagement_id") -> Q:
    """Condition on rows that name an engagement in `at`: it is among `engagements(user)`.

    Said by what is left out, the few hidden and the merged, so that the database goes along an
    index of those rows and never through the engagements.
    """
    in_post = StaffGrant.objects.filter(user=user, ended_at=None)
    merged = Engagement.objects.filter(merged_into__isnull=False).values("pk")
    named = Q((f"{at}__isnull", False)) & ~Q((f"{at}__in", sorted(hidden_from(user))))
    return Q(Exists(in_post)) & named & ~Q((f"{at}__in", merged))


def engagement_or_404(user: User, uid: str) -> Engagement:
    """The engagement of that name; Http404 for one that `user` may not read, Merged for one
    that is another by now."""
    found = get_object_or_404(with_merged(user), uid=uid)
    if found.merged_into_id is None:
        return found
    survivor = engagements(user).filter(pk=survivor_of(found)).first()
    if survivor is None:
        raise Http404
    raise Merged(uid, survivor.uid)


def survivor_of(engagement: Engagement) -> int:
    """The engagement that this one is by now."""
    last = engagement
    while last.merged_into is not None:
        last = last.merged_into
    return last.pk


def survivors(user: User, ids: Collection[int]) -> dict[int, Engagement]:
    """The engagements of these ids that `user` may read, by id; of one that was merged into
    another, that other."""
    into = {each: each for each in ids}
    fresh = set(ids)
    while fresh:
        merged = Engagement.objects.filter(pk__in=fresh, merged_into__isnull=False)
        found = dict(merged.values_list("pk", "merged_into_id"))
        into = {each: found.get(now) or now for each, now in into.items()}
        fresh = {each for each in found.values() if each is not None}
    rows = engagements(user).in_bulk(list(into.values()))
    return {each: rows[now] for each, now in into.items() if now in rows}


def merged_ids(engagement: Engagement) -> list[int]:
    """The engagements that are this one by now, itself the first."""
    found, fresh = [engagement.pk], [engagement.pk]
    while fresh:
        rows = Engagement.objects.filter(merged_into__in=fresh).order_by("pk")
        fresh = list(rows.values_list("pk", flat=True))
        found += fresh
    return found


def writable(user: User, role: Role) -> QuerySet[Engagement]:
    """The engagements `user` may change: managers all, a success manager those of their own
    team and those nobody looks after, a viewer none."""
    readable = engagements(user)
    if role in MANAGERS:
        return readable
    if role != Role.SUCCESS:
        return readable.none()
    in_post = StaffGrant.objects.filter(user=OuterRef("owner"), ended_at=None)
    nobody = Q(owner=None) | ~Exists(in_post)
    return readable.filter(nobody | Q(owner__in=colleagues(user)))


def changer(user: User, role: Role) -> Callable[[Engagement], bool]:
    """As `writable`, asked of engagements that were read already: for lists, in one statement."""
    if role in MANAGERS:
        return lambda engagement: True
    if role != Role.SUCCESS:
        return lambda engagement: False
    posts = dict(StaffGrant.objects.filter(ended_at=None).values_list("user_id", "team_id"))
    own = posts.get(user.pk)
    return lambda each: each.owner_id not in posts or posts[each.owner_id] == own


def may_write(user: User, role: Role, engagement: Engagement) -> bool:
    """Whether `user` may change the engagement; lists ask `writable` or `changer` instead."""
    if role in MANAGERS and not engagement.restricted:
        return True
    return writable(user, role).filter(pk=engagement.pk).exists()


def may_restrict(user: User, role: Role, engagement: Engagement) -> bool:
    """Whether `user` may say who reads the engagement: its owner, and managers who read it."""
    mine = engagement.owner_id == user.pk
    return (mine or role in MANAGERS) and may_write(user, role, engagement)


def require_write(user: User, role: Role, engagement: Engagement) -> None:
    """Raises PermissionDenied unless `user` may change the engagement."""
    if not may_write(user, role, engagement):
        raise PermissionDenied


def book(user: User, scope: Scope) -> QuerySet[Engagement]:
    """The engagements looked after by `user`, by their team, or all they may read."""
    readable = engagements(user)
    if scope == "me":
        return readable.filter(owner=user)
    if scope == "team":
        return readable.filter(owner__in=colleagues(user))
    return readable


def colleagues(user: User) -> QuerySet[User]:
    """The members of `user`'s team, the user among them; those without a team are one team."""
    mine = StaffGrant.objects.filter(user=user, ended_at=None).first()
    team = mine.team_id if mine else None
    same = Q(team=team) if team else Q(team=None)
    grants = StaffGrant.objects.filter(same, ended_at=None)
    return User.objects.filter(Q(pk=user.pk) | Q(pk__in=grants.values("user")))


def owners() -> QuerySet[User]:
    """Those who may look after an engagement: staff in post who may write, by name."""
    writing = StaffGrant.objects.filter(ended_at=None, role__in=WRITERS)
    return User.objects.filter(pk__in=writing.values("user")).order_by("name", "pk")


def staff_to_name(engagement: Engagement) -> QuerySet[User]:
    """Whom one may name as a reader: staff in post who do not read it anyway."""
    in_post = StaffGrant.objects.filter(ended_at=None).exclude(role=Role.ADMIN)
    staff = User.objects.filter(pk__in=in_post.values("user")).order_by("name", "pk")
    return staff.exclude(
        pk__in=Engagement.objects.filter(pk=engagement.pk, owner__isnull=False).values("owner")
    )
