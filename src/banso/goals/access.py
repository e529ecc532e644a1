"""Who may see which standing: those of the engagements they may read."""

from django.db.models import QuerySet

from banso.base.models import User
from banso.engagements.access import readable
from banso.goals.models import Standing


def standings(user: User) -> QuerySet[Standing]:
    """The stored standings `user` may read, to be filtered and sorted by their own columns."""
    return Standing.objects.filter(readable(user, "pk"))
