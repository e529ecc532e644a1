"""Who sees, writes and copies cases and retrospectives."""

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from banso.base.models import Role, StaffGrant, User
from banso.base.roles import MANAGERS, WRITERS
from banso.cases.models import Case, CaseCopy, Retrospective
from banso.engagements.access import hidden_from, may_write, readable, require_write
from banso.plays.access import own_intervention
from banso.plays.models import Intervention

TOLD = Q(published_at__isnull=False, retired_at=None)
RELATED = ("intervention__play", "intervention__run__version__metric", "stage", "made_by")


def cases(user: User) -> QuerySet[Case]:
    """What is published, for everybody in post, since what a restricted customer is called is
    hidden from those who may not read it; drafts and retired ones for who reads the customer."""
    in_post = StaffGrant.objects.filter(user=user, ended_at=None)
    rows = Case.objects.filter(Exists(in_post), TOLD | readable(user))
    return rows.select_related(*RELATED, "engagement__party", "published_by", "retired_by")


def case_or_404(user: User, uid: str) -> Case:
    return get_object_or_404(cases(user), uid=uid)


def own_case(user: User, role: Role, uid: str) -> Case:
    """A case to change: 404 to who may not read its customer, 403 to one who only reads."""
    found = case_or_404(user, uid)
    if found.engagement_id in hidden_from(user):
        raise Http404
    require_write(user, role, found.engagement)
    return found


def may_change(user: User, role: Role, case: Case) -> bool:
    hidden = case.engagement_id in hidden_from(user)
    return not hidden and may_write(user, role, case.engagement)


def copies(user: User) -> QuerySet[CaseCopy]:
    """Those for customers that `user` may read."""
    return CaseCopy.objects.filter(readable(user))


def finished(user: User, role: Role, uid: str) -> Intervention:
    """An intervention that is done, of a customer that `user` may change."""
    found = own_intervention(user, role, uid)
    if found.ended_as != Intervention.Ended.DONE:
        raise Http404
    return found


def retrospectives(user: User) -> QuerySet[Retrospective]:
    """Those of customers that `user` may read, and of no customer."""
    in_post = StaffGrant.objects.filter(user=user, ended_at=None)
    of_nobody = Q(engagement=None) & Exists(in_post)
    rows = Retrospective.objects.filter(readable(user) | of_nobody)
    return rows.select_related("engagement__party", "intervention__play", "contract", "made_by")


def retrospective_or_404(user: User, uid: str) -> Retrospective:
    return get_object_or_404(retrospectives(user), uid=uid)


def may_go_on(user: User, role: Role, found: Retrospective) -> bool:
    """Of a customer, who may write it; of none, who wrote it, and managers."""
    if found.engagement is not None:
        return may_write(user, role, found.engagement)
    return role in MANAGERS or (role in WRITERS and found.made_by_id == user.pk)


def own_retrospective(user: User, role: Role, uid: str) -> Retrospective:
    found = retrospective_or_404(user, uid)
    if not may_go_on(user, role, found):
        raise PermissionDenied
    return found
