"""Words for codes of this room."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from banso.ingest import wording

REFUSED: dict[str, str | Promise] = wording.REFUSED | {
    "wrong_method": _("This address does not answer this method."),
    "page_not_entered": _("Nobody entered the origin of this page for guides."),
    "no_placement": _("There is no such guide."),
    "no_picture": _("There is no such picture."),
}
REFUSALS = {
    "no_guide": _(
        "Only a published guide that customers or anybody may read can be shown in a product."
    ),
    "two_open": _("Two keys are in use already: revoke the older one first."),
    "revoked": _("The key was revoked already."),
}


def refusal(code: str) -> str:
    """Why a verb does not apply."""
    return str(REFUSALS[code])
