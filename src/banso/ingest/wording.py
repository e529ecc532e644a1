"""Why something was refused or changed, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSED: dict[str, str | Promise] = {
    "unknown_key": _("There is no such write key."),
    "revoked_key": _("The write key was revoked."),
    "server_key_in_browser": _("A server's key was used in a browser; make one for browsers."),
    "foreign_origin": _("The write key does not serve pages of this origin."),
    "too_large": _("The request is larger than 500 KB."),
    "too_many": _("The request holds more than 2,500 events."),
    "too_fast": _("The key sends more than 1,000 events a second."),
    "bad_gzip": _("The request is not whole gzip."),
    "not_json": _("This is not JSON in UTF-8."),
    "too_deep": _("The JSON is nested too deeply."),
    "no_batch": _("The request has no list called “batch”."),
    "busy": _("The server cannot write at the moment."),
    "wrong_method": _("Events are sent with POST."),
    "cut_off": _("The request ended before all of it had come."),
    "event_too_large": _("The event is larger than 32 KB."),
    "not_an_event": _("An event is a JSON object."),
    "bad_field": _("A field holds the wrong kind of value."),
    "unknown_type": _("The type is none of track, page, screen, identify, group, alias."),
    "nobody": _("The event has neither userId nor anonymousId."),
    "reserved_id": _("A userId cannot begin with “anonymous:”."),
    "control_character": _("A name or id holds a control character."),
    "no_event": _("The event has no name."),
    "long_event": _("The name of the event is longer than 200 characters."),
    "bad_time": _("The time cannot be read."),
    "no_group": _("The call has no groupId."),
    "no_previous": _("The call does not say who becomes whom."),
    "public_key": _("A browser's key may say nothing of accounts."),
    "needs_person": _("Two who are known apart are said to be one; only a person may do that."),
    "not_kept": _("It happened before the months that events are kept for."),
    "erased": _("It is of a person whose events were erased."),
    "not_settled": _("What it says of a person or an account could not be written down."),
}
NOTED: dict[str, str | Promise] = {
    "shifted": _("The sender's clock was wrong; the time was moved by as much."),
    "ahead": _("The time lay in the future; the time of receipt was taken."),
    "too_old": _("The time lay more than ten years back; the time of receipt was taken."),
}
