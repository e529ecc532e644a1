"""What the pages of the workspace and its staff show."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from banso.base.models import Invitation, StaffGrant, Team


@dataclass(frozen=True)
class Colleague:
    uid: str
    name: str
    email: str
    role: str
    team: str
    team_id: int | None
    since: datetime
    last_seen: datetime | None


@dataclass(frozen=True)
class OpenInvitation:
    uid: str
    email: str
    name: str
    role: str
    expires_at: datetime


@dataclass(frozen=True)
class StaffPage:
    colleagues: list[Colleague]
    invitations: list[OpenInvitation]
    teams: list[str]


def staff_page() -> StaffPage:
    """Everybody with an open grant, by team and name, and the doors still open."""
    grants = StaffGrant.objects.filter(ended_at=None).select_related("user", "team")
    return StaffPage(
        colleagues=[colleague(grant) for grant in grants.order_by("team__name", "user__name")],
        invitations=[
            OpenInvitation(each.uid, each.email, each.name, each.role, each.expires_at)
            for each in Invitation.objects.filter(
                accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
            ).order_by("-invited_at")
        ],
        teams=list(Team.objects.order_by("name").values_list("name", flat=True)),
    )


def colleague(grant: StaffGrant) -> Colleague:
    user = grant.user
    return Colleague(
        uid=user.uid,
        name=user.name,
        email=user.email,
        role=grant.role,
        team=grant.team.name if grant.team else "",
        team_id=grant.team_id,
        since=grant.granted_at,
        last_seen=user.last_login,
    )
