"""Words for codes of this room."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSED: Mapping[str, str | Promise] = {
    "not_done": _("Only what is done can be told."),
    "told_already": _("It is told already."),
    "going_on": _("They are having that play already."),
    "not_active": _("The play of this case is not in use: draft one from it."),
    "no_owner": _("Nobody looks after this customer: give them an owner first."),
    "no_customer": _("An action belongs to a customer: this retrospective is of none."),
    "too_many": _("Forty kinds are the most: retire one first."),
}


def refusal(code: str) -> str:
    return str(REFUSED[code])
