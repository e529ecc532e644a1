"""Where the shared inputs lie, if this checkout has them; tests pass without."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("BANSO_SHARED") or Path(__file__).resolve().parents[2] / "shared")


def shared(name: str) -> Path:
    """The file or folder of that name; skips the test where it is absent."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"shared/{name} is not here")
    return path
