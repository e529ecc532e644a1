"""An endpoint that does nothing: what the web server itself costs."""

from collections.abc import Callable, Iterable
from typing import Any

TAKEN = b'{"success": true}'
HEADERS = [("Content-Type", "application/json"), ("Content-Length", str(len(TAKEN)))]


def application(words: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
    """Read the body whole and say that all is well."""
    words["wsgi.input"].read()
    start("200 OK", HEADERS)
    return [TAKEN]
