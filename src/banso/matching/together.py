"""Suggestions confirmed together."""

from collections.abc import Iterator, Sequence

from django.tasks import task

from banso.base.models import Role, StaffGrant, User
from banso.matching.access import waiting
from banso.matching.actions import NotNow, merge
from banso.matching.models import Match
from banso.matching.pages import KINDS, pair


@task
def confirm_alike(*, user_id: int, match_ids: list[int]) -> int:
    """Merge these plain suggestions as the user would one by one, as far as they still wait and
    the user still may; how many were."""
    user = User.objects.get(pk=user_id)
    return sum(_merged(match, user) for match in _still_waiting(user, match_ids))


def _still_waiting(user: User, match_ids: Sequence[int]) -> Iterator[Match]:
    grant = StaffGrant.objects.filter(user=user, ended_at=None).first()
    if grant is None:
        return
    for number in match_ids:
        for kind in KINDS:
            rows = waiting(user, Role(grant.role), kind)
            yield from rows.filter(pk=number, plain=True)


def _merged(match: Match, user: User) -> bool:
    right = pair(match).winner == "right"
    winner, loser = (match.right, match.left) if right else (match.left, match.right)
    try:
        merge(winner=winner, loser=loser, by=user)
    except NotNow:
        return False
    return True
