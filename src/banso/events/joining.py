"""A colleague who comes in, and the customers that files already named after them."""

from banso.base.models import User
from banso.engagements.actions import assign_owner
from banso.engagements.models import Engagement
from banso.events.batch import folded, staff_names


def take_over(user: User) -> int:
    """Give `user` the customers without an owner whose file names them; returns how many."""
    names = staff_names()
    waiting = Engagement.objects.filter(owner=None, merged_into=None).exclude(owner_name="")
    theirs = [each for each in waiting if names.get(folded(each.owner_name)) == user.pk]
    for engagement in theirs:
        assign_owner(engagement=engagement, owner=user, by=user)
    return len(theirs)
