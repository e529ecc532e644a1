"""The screen's words for the fields of the two."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FIELDS: Mapping[str, str | Promise] = {
    "party.name": _("Name on record"),
    "party.name_kana": _("Reading of the name"),
    "organization.domain": _("Domain or web site"),
    "organization.phone": _("Phone"),
    "organization.postal_code": _("Postal code"),
    "organization.address": _("Address"),
    "organization.industry": _("Industry"),
    "organization.region": _("Region"),
    "person.email": _("E-mail"),
    "person.phone": _("Phone"),
    "engagement.segment": _("Segment"),
    "engagement.touch": _("Touch"),
    "engagement.owner": _("Owner"),
    "engagement.started_on": _("Customer since"),
}
