"""Days as people type them after an option."""

import argparse
from datetime import date


def day(text: str) -> date:
    """An ISO day; argparse turns the error into one line and exit code 2."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day such as 2026-03-31") from None
