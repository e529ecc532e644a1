"""What a command says: one JSON object or lines for people, in the workspace's language."""

import json
import sys
from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from banso.base.workspace import workspace

type Answer = Mapping[str, object]


class Unknown(Exception):
    """What was asked for is not there; the message names it."""


def emit(answer: Answer | Unknown, as_text: Callable[[Answer], str], form: str) -> int:
    """Print the answer; what is not there goes to stderr with exit code 2."""
    if isinstance(answer, Unknown):
        print(f"banso: {answer}", file=sys.stderr)
        return 2
    if form == "json":
        print(json.dumps(answer, ensure_ascii=False, indent=1))
        return 0
    place = workspace()
    with translation.override(place.language), timezone.override(ZoneInfo(place.timezone)):
        print(as_text(answer))
    return 0
