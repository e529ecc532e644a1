"""A placement as the script in the product draws it: its text as plain data, and its words."""

from collections.abc import Mapping
from datetime import date

from django.core import signing
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from banso.assets.actions import LANGUAGES
from banso.assets.help import spoken_in
from banso.assets.models import AssetVersion, Picture
from banso.base.workspace import workspace
from banso.core.guide_tree import Step, steps_of, whole_of
from banso.inproduct.models import Placement

SALT = "banso.inproduct.picture"
KEPT_DAYS = 1
"""A picture's address works on the day it was given and so many days after."""


def content_of(
    placement: Placement, *, wanted: str, address: str, today: date
) -> dict[str, object]:
    """`address` is of this installation; nothing but what the reader sees is in it."""
    version = AssetVersion.objects.get(asset=placement.asset_id, pk=placement.asset.current_id or 0)
    reader = language_of(wanted)
    spoken = spoken_in(version, reader)
    names = Picture.objects.filter(asset=placement.asset_id).values_list("name", flat=True)
    pictures = {
        each: f"{address}/v1/guide/pictures/{sealed(placement.asset.uid, each, today)}"
        for each in names
    }
    return {
        "placement": placement.uid,
        "kind": placement.kind,
        "language": spoken,
        "title": version.title[spoken],
        "steps": [
            {"title": each.title, "nodes": each.nodes}
            for each in steps(placement, version.body[spoken], pictures)
        ],
        "reader": reader,
        "words": words(placement.kind, reader),
    }


def steps(placement: Placement, text: str, pictures: Mapping[str, str]) -> list[Step]:
    """A guide goes heading by heading; an announcement is one."""
    if placement.kind == Placement.Kind.GUIDE:
        return steps_of(text, pictures)
    return [Step("", whole_of(text, pictures))]


def words(kind: str, reader: str) -> dict[str, str]:
    with translation.override(reader):
        guide = kind == Placement.Kind.GUIDE
        return {
            "kind": _("Guide") if guide else _("Announcement"),
            "close": _("Close"),
            "back": pgettext("step of a guide", "Back"),
            "next": pgettext("step of a guide", "Next"),
            "done": pgettext("end of a guide", "Done") if guide else _("Got it"),
            "hint": _("Esc closes it."),
        }


def language_of(wanted: str) -> str:
    """The language that a page or a token names, else the workspace's."""
    asked = wanted[:2].lower()
    return asked if asked in LANGUAGES else workspace().language


def sealed(asset: str, name: str, today: date) -> str:
    """A picture's name in an address that only we can make; the same for a whole day."""
    return signing.Signer(salt=SALT).sign_object([asset, name, today.toordinal()])


def unsealed(text: str, today: date) -> tuple[str, str] | None:
    """(uid of the asset, name of the picture); None for what is not ours, or too old."""
    try:
        asset, name, day = signing.Signer(salt=SALT).unsign_object(text)
    except signing.BadSignature:
        return None
    return (asset, name) if 0 <= today.toordinal() - day <= KEPT_DAYS else None
