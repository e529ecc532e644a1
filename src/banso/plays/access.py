"""Who sees and changes barriers, plays and interventions."""

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, QuerySet
from django.shortcuts import get_object_or_404

from banso.base.models import Role, StaffGrant, User
from banso.base.roles import MANAGERS, WRITERS
from banso.engagements.access import readable, require_write
from banso.plays.models import Barrier, Intervention, Play, Trial, TrialGuest


def barriers(user: User) -> QuerySet[Barrier]:
    """The barriers of every engagement that `user` may read."""
    return Barrier.objects.filter(readable(user))


def interventions(user: User) -> QuerySet[Intervention]:
    """What was given to every engagement that `user` may read."""
    return Intervention.objects.filter(readable(user))


def plays(user: User) -> QuerySet[Play]:
    """Recipes are everybody's in post: they name no customer."""
    in_post = StaffGrant.objects.filter(user=user, ended_at=None)
    return Play.objects.filter(Exists(in_post))


def play_or_404(user: User, uid: str) -> Play:
    return get_object_or_404(plays(user).select_related("owner", "team"), uid=uid)


def may_change(user: User, role: Role, play: Play) -> bool:
    """Managers change every play; others those they made, keep, or whose team is theirs."""
    if role in MANAGERS:
        return True
    mine = user.pk in (play.created_by_id, play.owner_id)
    return role in WRITERS and (mine or in_team(user, play))


def in_team(user: User, play: Play) -> bool:
    grants = StaffGrant.objects.filter(user=user, ended_at=None, team=play.team_id)
    return play.team_id is not None and grants.exists()


def own_play(user: User, role: Role, uid: str) -> Play:
    """A play that the user may change; PermissionDenied for one they only see."""
    found = play_or_404(user, uid)
    if not may_change(user, role, found):
        raise PermissionDenied
    return found


def own_barrier(user: User, role: Role, uid: str) -> Barrier:
    """A barrier to change: 404 to a stranger, 403 to one who only reads."""
    rows = barriers(user).select_related("engagement__party", "kind")
    found = get_object_or_404(rows, uid=uid)
    require_write(user, role, found.engagement)
    return found


def own_intervention(user: User, role: Role, uid: str) -> Intervention:
    """As `own_barrier`, for what was given."""
    rows = interventions(user).select_related(
        "engagement__party", "engagement__owner", "play", "run__version"
    )
    found = get_object_or_404(rows, uid=uid)
    require_write(user, role, found.engagement)
    return found


def trials(user: User) -> QuerySet[Trial]:
    """What is tried is everybody's in post: a trial itself names no customer."""
    in_post = StaffGrant.objects.filter(user=user, ended_at=None)
    return Trial.objects.filter(Exists(in_post))


def trial_guests(user: User) -> QuerySet[TrialGuest]:
    """On whom, of the engagements that `user` may read."""
    return TrialGuest.objects.filter(readable(user))


def trial_or_404(user: User, uid: str) -> Trial:
    rows = trials(user).select_related("began_by", "decided_by", "version__asset", "play")
    return get_object_or_404(rows, uid=uid)


def may_decide(user: User, role: Role, trial: Trial) -> bool:
    """Whoever began it, and managers."""
    return role in MANAGERS or (role in WRITERS and trial.began_by_id == user.pk)


def own_trial(user: User, role: Role, uid: str) -> Trial:
    found = trial_or_404(user, uid)
    if not may_decide(user, role, found):
        raise PermissionDenied
    return found
