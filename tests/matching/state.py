"""The state of everything that people and sources wrote, as one number."""

import hashlib
import json

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder

from banso.events.undo import COMPUTED

RECORDS = {"base.activity", "base.job", "matching.match", "matching.merge", "matching.search"}
"""What happened, and what was said to suggestions: it grows with every act."""
DERIVED = {"base.searchrow", "sessions.session", "contenttypes.contenttype", "auth.permission"}


def content() -> dict[str, list[dict[str, object]]]:
    """Every row of every table but records, computed and derived ones."""
    left_out = RECORDS | DERIVED | COMPUTED
    models = [each for each in apps.get_models(include_auto_created=True) if each._meta.managed]
    return {
        each._meta.label_lower: list(each._base_manager.order_by("pk").values())
        for each in models
        if each._meta.label_lower not in left_out
    }


def digest() -> str:
    text = json.dumps(content(), cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
