"""Where an installation keeps its data, and the secret it makes for itself."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit


def home() -> Path:
    """BANSO_HOME, made on first use: database, lake, uploads, secret key."""
    place = Path(os.environ.get("BANSO_HOME") or Path.home() / ".banso").expanduser().resolve()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def secret_key(place: Path) -> str:
    """BANSO_SECRET_KEY, else a key made once and kept readable by its owner only."""
    if given := os.environ.get("BANSO_SECRET_KEY"):
        return given
    kept = place / "secret.key"
    try:
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return kept.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(50))
    return kept.read_text(encoding="ascii")


# Pages ask many small questions: compiling one takes longer than answering it, and what is in
# memory or on an SSD costs the same in any order.
PLANNING = "-c jit=off -c random_page_cost=1.1"


def database(place: Path) -> dict[str, object]:
    """Django's settings of the workbench database named by BANSO_DATABASE_URL (default: SQLite)."""
    url = os.environ.get("BANSO_DATABASE_URL", "")
    return postgresql(url) if url else sqlite(place / "banso.sqlite3")


def sqlite(path: Path) -> dict[str, object]:
    pragmas = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        " PRAGMA secure_delete=ON; PRAGMA cache_size=-32000; PRAGMA mmap_size=134217728"
    )
    return {
        "ENGINE": "banso.base.sqlite",
        "NAME": str(path),
        "CONN_MAX_AGE": 60,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas},
    }


def postgresql(url: str) -> dict[str, object]:
    """postgresql://user:password@host:port/name?host=/socket/folder"""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError("BANSO_DATABASE_URL must begin with postgresql://")
    query = dict(parse_qsl(parts.query))
    query.setdefault("options", PLANNING)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }
