"""Which customers nobody has in hand, as conditions on engagements."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import Combinable

from banso.actions.models import Action, SetAside
from banso.engagements.models import Engagement


def silent_since(today: date, days: int) -> Q:
    """No contact for so many days, or ever."""
    long_ago = today - timedelta(days=days)
    return Q(standing__last_contact_on=None) | Q(standing__last_contact_on__lte=long_ago)


def uncovered(today: date) -> list[Q | Combinable]:
    """At stake, where a person is expected, without a contact for 30 days, an open action, or a
    decision to let it wait."""
    steps = Action.objects.filter(engagement=OuterRef("pk"), closed_as="")
    waiting = SetAside.objects.filter(engagement=OuterRef("pk"), ended_at=None, until__gt=today)
    return [
        Q(standing__gap__gt=0) & ~Q(touch=Engagement.Touch.TECH),
        silent_since(today, 30),
        ~Exists(steps),
        ~Exists(waiting),
    ]
