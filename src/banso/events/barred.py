"""Whom the lake does not take events of."""

from banso.engine.barred import Barred
from banso.events.models import BarredId


def barred() -> Barred:
    """What may not come into the lake by now."""
    return Barred(frozenset(BarredId.objects.values_list("digest", flat=True)))
