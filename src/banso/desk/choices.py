"""What the customers can be narrowed to, read without going through them all."""

from django.db import connection
from django.db.models import Exists, OuterRef

from banso.base.models import User
from banso.engagements.access import engagements, hidden_from
from banso.engagements.models import Engagement

MOST_SEGMENTS = 200


def owners(user: User) -> list[User]:
    """Who looks after somebody that `user` may read, by name."""
    looked_after = engagements(user).order_by().filter(owner=OuterRef("pk"))
    return list(User.objects.filter(Exists(looked_after)).order_by("name", "id"))


def segments(user: User) -> list[str]:
    """The labels of the customers that `user` may read, in order.

    Each step jumps along the index to the next label, so that the cost is that of the labels
    and not of the customers.
    """
    sql = (
        "WITH RECURSIVE step(label, n) AS ("
        " SELECT (SELECT min(segment) FROM goals_standing WHERE current = TRUE AND segment > ''), 1"
        " UNION ALL"
        " SELECT (SELECT min(segment) FROM goals_standing"
        "  WHERE current = TRUE AND segment > step.label), n + 1"
        " FROM step WHERE label IS NOT NULL AND n < %s)"
        " SELECT label FROM step WHERE label IS NOT NULL"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [MOST_SEGMENTS])
        labels = [label for (label,) in cursor.fetchall()]
    secret = labels_hidden_from(user)
    return [label for label in labels if label not in secret]


def labels_hidden_from(user: User) -> set[str]:
    """The labels that only customers bear whom `user` may not read."""
    hidden = hidden_from(user)
    if not hidden:
        return set()
    rows = Engagement.objects.filter(pk__in=hidden).values_list("segment", flat=True)
    return {each for each in rows if not engagements(user).filter(segment=each).exists()}
