"""Words for codes of this room."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "gone": _("It is not as it was: it may be out by now."),
    "unwritten": _("Write a subject and a text."),
    "unfilled": _("Something it says is still not known."),
    "left": _("They are not at this customer any more."),
    "no_address": _("There is no e-mail address of theirs."),
    "unsubscribed": _("They want no messages."),
    "bounced": _("Their address does not work."),
}


def refusal(code: str) -> str:
    """Why a verb does not apply."""
    return str(REFUSALS[code])
