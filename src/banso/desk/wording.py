"""Words for the codes that customers carry."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
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


def days_left_text(left: int) -> str:
    """In how many days a day comes, or how long it is past."""
    if left < 0:
        return ngettext("%(n)s day past", "%(n)s days past", -left) % {"n": -left}
    if left > 1:
        return ngettext("%(n)s day left", "%(n)s days left", left) % {"n": left}
    return gettext("tomorrow") if left else gettext("today")


def in_touch_text(days: int | None) -> str:
    """How long ago the last contact was; None: there was none."""
    if days is None:
        return gettext("never in touch")
    if days == 0:
        return gettext("in touch today")
    return ngettext("in touch %(n)s day ago", "in touch %(n)s days ago", days) % {"n": days}
