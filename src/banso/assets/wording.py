"""Words for codes of this room."""

from django.forms import Form
from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "retired": _("It is retired: put it into use again first."),
    "nothing_new": _("The version in force says the same."),
    "unwritten": _("Write a title and a text in one language first."),
    "unpublished": _("Publish a version first."),
    "no_page": _("Only guides and stories are pages for the other side."),
    "no_picture": _("Choose a PNG, JPEG, GIF or WebP picture."),
    "too_large": _("A picture may have 2 MB at most."),
    "too_many": _("There are forty pictures already."),
    "name_taken": _("A picture of this name is here already; give the file another name."),
    "no_script": _("Only a talk script can be followed."),
    "ended": _("This talk is over; open the script again."),
    "role_play": _("A role-play has no customer."),
    "talk": _("A talk with a customer is logged."),
}


def first_error(form: Form) -> str:
    """What is wrong with a form of one field, for a page that does not show the form again."""
    return str(next(iter(form.errors.values()))[0])


def refusal(code: str) -> str:
    """Why a verb does not apply."""
    return str(REFUSALS[code])
