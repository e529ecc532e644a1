"""The worker's part in the lake: what waits is loaded; a failure is told and tried again."""

import time

import structlog

from banso.events.loading import load_some

PAUSE = 10.0
"""Seconds of rest after a failure: a full disk does not get better by asking."""

log = structlog.get_logger()
_resting = [0.0]


def load_due() -> bool:
    """Load what waits, as much as one go may hold; whether anything was loaded."""
    if time.monotonic() < _resting[0]:
        return False
    try:
        return load_some() > 0
    except Exception as error:  # the batch still waits; other work goes on
        _resting[0] = time.monotonic() + PAUSE
        log.error("load_failed", kind=type(error).__name__)
        return False
