"""The worker's part in the lake: what waits is loaded, small parts are put together, old files
go, erasures are finished. A failure is told and tried again."""

import time

import structlog

from banso.events import parts
from banso.events.compacting import compact_some
from banso.events.erasing import go_on
from banso.events.loading import load_some

PAUSE = 10.0
"""Seconds of rest after a failure: a full disk does not get better by asking."""

TIDY = 30.0
"""Seconds between looks at parts that might be put together, and at files that might go."""

log = structlog.get_logger()
_resting = [0.0]
_tidy = [0.0]


def load_due() -> bool:
    """Load what waits, as much as one go may hold; now and then, also where something always
    waits, look after the parts. Whether anything was done."""
    if time.monotonic() < _resting[0]:
        return False
    try:
        loaded = load_some() > 0
        return _tidied() or loaded
    except Exception as error:  # the batch still waits; other work goes on
        _resting[0] = time.monotonic() + PAUSE
        log.error("load_failed", kind=type(error).__name__)
        return False


def _tidied() -> bool:
    """Put parts together; when none are left to, sweep, see to erasures and rest."""
    if time.monotonic() < _tidy[0]:
        return False
    if compact_some():
        return True
    parts.sweep()
    go_on()
    _tidy[0] = time.monotonic() + TIDY
    return False
