"""Verbs of the workspace and its staff."""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from banso.base.activity import record
from banso.base.models import Invitation, Role, StaffGrant, Team, User, Workspace

INVITATION_LIFE = timedelta(days=7)


AFTER_SETTINGS: list[Callable[[set[str]], object]] = []
"""Called with the names of the workspace's fields that changed; higher rooms add theirs."""

AFTER_JOINING: list[Callable[[User], object]] = []
"""What is to be done when a colleague has come in; higher rooms add theirs when they get ready."""


class Refused(Exception):
    """A verb that may not be done now; `code` says why, templates say it in words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Invited:
    invitation: Invitation
    secret: str


@transaction.atomic
def set_up(
    *,
    workspace_name: str,
    language: str,
    timezone_name: str,
    currency: str,
    email: str,
    name: str,
    password: str | None,
    synthetic: bool = False,
) -> User:
    """Make the workspace and its first administrator; once. A workspace that an import made
    before anybody came keeps its zone and currency, which its data were read with."""
    if StaffGrant.objects.exists():
        raise Refused("already_set_up")

    workspace = Workspace(
        id=1,
        name=workspace_name,
        language=language,
        timezone=timezone_name,
        currency=currency,
        synthetic=synthetic,
    )

    if Workspace.objects.filter(id=1).exists():
        workspace.save(update_fields=["name", "language", "synthetic"])
    else:
        workspace.save(force_insert=True)
    user = User.objects.create_user(email, password, name=name, language=language)
    StaffGrant.objects.create(user=user, role=Role.ADMIN)
    record("workspace.set_up", actor=user)
    return user


@transaction.atomic
def change_workspace(*, actor: User, choices: Mapping[str, object]) -> set[str]:
    """Take these choices ({field: value}); returns the fields that changed, and tells whoever
    has to follow: days begin elsewhere in another zone, values add up in another currency."""
    workspace = Workspace.objects.select_for_update().get(id=1)
    changed = {name for name, value in choices.items() if getattr(workspace, name) != value}

    for name in changed:
        setattr(workspace, name, choices[name])
    workspace.save(update_fields=sorted(changed))
    if changed:
        record("workspace.changed", actor=actor, detail={"fields": sorted(changed)})
        for follow in AFTER_SETTINGS:
            follow(changed)
    return changed


@transaction.atomic
def invite(
    *, actor: User | None, email: str, name: str, role: str, team: Team | None, language: str
) -> Invited:
    """Open a door for an address for seven days; an older open invitation is withdrawn."""
    email = email.lower()
    if StaffGrant.objects.filter(user__email=email, ended_at=None).exists():
        raise Refused("already_staff")

    secret = secrets.token_urlsafe(24)
    now = timezone.now()

    earlier = Invitation.objects.filter(email=email, accepted_at=None, withdrawn_at=None)
    earlier.update(withdrawn_at=now)
    invitation = Invitation.objects.create(
        email=email,
        name=name,
        role=role,
        team=team,
        language=language,
        invited_by=actor,
        digest=digest_of(secret),
        expires_at=now + INVITATION_LIFE,
    )
    record("invitation.sent", actor=actor, subject_id=invitation.pk, detail={"role": role})
    return Invited(invitation, secret)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def open_invitation(secret: str) -> Invitation | None:
    """The invitation this secret opens, unless it was used, withdrawn or has run out."""
    return Invitation.objects.filter(
        digest=digest_of(secret),
        accepted_at=None,
        withdrawn_at=None,
        expires_at__gt=timezone.now(),
    ).first()


@transaction.atomic
def accept_invitation(*, secret: str, name: str, password: str | None, language: str) -> User:
    """Make the account and its grant; the link works once."""
    invitation = open_invitation(secret)
    if invitation is None:
        raise Refused("invitation_closed")
    used = Invitation.objects.filter(pk=invitation.pk, accepted_at=None)
    if not used.update(accepted_at=timezone.now()):
        raise Refused("invitation_closed")

    former = User.objects.filter(email=invitation.email).first()

    user = former or User.objects.create_user(invitation.email, None)
    user.name, user.language, user.is_active = name, language, True
    user.set_password(password)
    user.save()
    StaffGrant.objects.create(
        user=user, role=invitation.role, team=invitation.team, granted_by=invitation.invited_by
    )
    record("invitation.accepted", actor=user, subject_id=invitation.pk)
    for welcome in AFTER_JOINING:
        welcome(user)
    return user


@transaction.atomic
def withdraw_invitation(*, actor: User, invitation: Invitation) -> None:
    if invitation.accepted_at or invitation.withdrawn_at:
        return
    invitation.withdrawn_at = timezone.now()
    invitation.save()
    record("invitation.withdrawn", actor=actor, subject_id=invitation.pk)


@transaction.atomic
def change_grant(*, actor: User, user: User, role: str, team: Team | None) -> None:
    """Give a colleague another role or team; the last administrator keeps the role."""
    grant = StaffGrant.objects.select_for_update().get(user=user, ended_at=None)
    if (grant.role, grant.team) == (role, team):
        return
    refuse_without_admin(grant, still_admin=role == Role.ADMIN)

    now = timezone.now()

    StaffGrant.objects.filter(pk=grant.pk).update(ended_at=now)
    StaffGrant.objects.create(user=user, role=role, team=team, granted_by=actor)
    record("grant.changed", actor=actor, subject_id=user.pk, detail={"role": role})


@transaction.atomic
def end_grant(*, actor: User, user: User) -> None:
    """A colleague leaves: signed out wherever they are, no way in any more; what they wrote
    stays."""
    grant = StaffGrant.objects.select_for_update().filter(user=user, ended_at=None).first()
    if grant is None:
        return
    refuse_without_admin(grant, still_admin=False)

    grant.ended_at = timezone.now()

    grant.save()
    User.objects.filter(pk=user.pk).update(is_active=False)
    record("grant.ended", actor=actor, subject_id=user.pk)


@transaction.atomic
def restore_grant(*, actor: User | None, user: User) -> None:
    """The end was a mistake: the same role and team again; harmless for somebody in post."""
    if StaffGrant.objects.filter(user=user, ended_at=None).exists():
        return
    last = StaffGrant.objects.filter(user=user).latest("ended_at", "id")

    StaffGrant.objects.create(user=user, role=last.role, team=last.team, granted_by=actor)
    User.objects.filter(pk=user.pk).update(is_active=True)
    record("grant.restored", actor=actor, subject_id=user.pk)


def refuse_without_admin(grant: StaffGrant, *, still_admin: bool) -> None:
    others = StaffGrant.objects.filter(role=Role.ADMIN, ended_at=None).exclude(pk=grant.pk)
    if grant.role == Role.ADMIN and not still_admin and not others.exists():
        raise Refused("last_admin")


@transaction.atomic
def add_team(*, actor: User | None, name: str) -> Team:
    team, created = Team.objects.get_or_create(name=name)
    if created:
        record("team.added", actor=actor, subject_id=team.pk)
    return team


@transaction.atomic
def rename_team(*, actor: User, team: Team, name: str) -> None:
    """Another name; raises Refused("name_taken") where a team has it already."""
    if Team.objects.filter(name=name).exclude(pk=team.pk).exists():
        raise Refused("name_taken")
    if team.name == name:
        return
    team.name = name
    team.save(update_fields=["name"])
    record("team.renamed", actor=actor, subject_id=team.pk)


@transaction.atomic
def move_to_team(*, actor: User, user: User, team: Team | None) -> None:
    """A colleague joins another team, or none; role and everything else stay."""
    grant = StaffGrant.objects.select_for_update().get(user=user, ended_at=None)
    change_grant(actor=actor, user=user, role=grant.role, team=team)


@transaction.atomic
def drop_team(*, actor: User, team: Team) -> None:
    """An empty team is gone; raises Refused("team_has_members") while somebody is in it."""
    if StaffGrant.objects.filter(team=team, ended_at=None).exists():
        raise Refused("team_has_members")
    number = team.pk
    StaffGrant.objects.filter(team=team).update(team=None)
    team.delete()
    record("team.dropped", actor=actor, subject_id=number)


@transaction.atomic
def change_profile(*, user: User, name: str, language: str, theme: str) -> None:
    user.name, user.language, user.theme = name, language, theme
    user.save(update_fields=["name", "language", "theme"])
    record("profile.changed", actor=user, subject_id=user.pk)
