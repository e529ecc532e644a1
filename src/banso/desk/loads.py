"""How much work each owner's book is today, counted in the database."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Case, Count, IntegerField, Q, When

from banso.base.models import User
from banso.base.workspace import local_today
from banso.core.load import BEGINNING_DAYS, weight
from banso.engagements.models import Engagement


def beginning(today: date) -> Case:
    """1 for an engagement in its first 90 days, else 0; for grouping."""
    new = Q(started_on__gt=today - timedelta(days=BEGINNING_DAYS))
    return Case(When(new, then=1), default=0, output_field=IntegerField())


def loads_of(users: Collection[User]) -> dict[int, float]:
    """The load of each of the users, in low-touch customers, by user id."""
    rows = (
        Engagement.objects.filter(owner__in=users, merged_into=None, standing__current=True)
        .values_list("owner", "touch", beginning(local_today()))
        .annotate(n=Count("pk"))
        .order_by()
    )
    found: dict[int, float] = defaultdict(float, {each.pk: 0.0 for each in users})
    for owner, touch, new, n in rows:
        found[owner] += n * weight(touch, beginning=bool(new))
    return dict(found)
