"""Words for the codes that customers carry."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from banso.engagements.models import Engagement

TOUCHES: Mapping[str, Promise] = {
    Engagement.Touch.HIGH: _("High touch"),
    Engagement.Touch.LOW: _("Low touch"),
    Engagement.Touch.TECH: _("Tech touch"),
}
NEXT_DATES: Mapping[str, Promise] = {
    "notice": _("Notice deadline"),
    "renewal": _("Renewal"),
    "open_renewal": _("Renewal undecided"),
    "step": _("Next step"),
}


def touch_text(touch: str) -> str:
    return str(TOUCHES.get(touch, TOUCHES[Engagement.Touch.LOW]))


def next_date_text(kind: str) -> str:
    """What the next day is; nothing for no kind."""
    return str(NEXT_DATES.get(kind, ""))
