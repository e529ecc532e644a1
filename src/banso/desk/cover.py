"""Which customers nobody has in hand, as conditions on engagements, or with no `at` on
standings."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import Combinable

from banso.actions.models import Action, SetAside
from banso.engagements.models import Engagement


def silent_since(today: date, days: int, at: str = "standing__") -> Q:
    """No contact for so many days, or ever."""
    long_ago = today - timedelta(days=days)
    last = f"{at}last_contact_on"
    return Q((last, None)) | Q((f"{last}__lte", long_ago))


def uncovered(today: date, at: str = "standing__") -> list[Q | Combinable]:
    """At stake, where a person is expected, without a contact for 30 days, an open action, or a
    decision to let it wait."""
    steps = Action.objects.filter(engagement=OuterRef("pk"), closed_as="")
    waiting = SetAside.objects.filter(engagement=OuterRef("pk"), ended_at=None, until__gt=today)
    return [
        Q((f"{at}gap__gt", 0)) & ~Q(touch=Engagement.Touch.TECH),
        silent_since(today, 30, at),
        ~Exists(steps),
        ~Exists(waiting),
    ]
