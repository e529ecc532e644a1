"""A migrated database, made once for a state of the migrations; what a test needs is a copy of it,
since migrating costs half a minute of the processor."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import django

ROOT = Path(__file__).parents[1]
CODE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("createcachetable")
"""


def made() -> Path:
    """The SQLite database; whoever comes first makes it, the others wait."""
    path = ROOT / "var" / "migrated" / f"{digest()}.sqlite3"
    path.parent.mkdir(parents=True, exist_ok=True)
    with (path.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            home = path.with_suffix(f".{os.getpid()}")
            migrated(home)
            (home / "banso.sqlite3").replace(path)
            shutil.rmtree(home)
    return path


def digest() -> str:
    """Of Django and of everything a migration may import from here."""
    kept = hashlib.sha256(django.__version__.encode())
    for path in sorted((ROOT / "src").rglob("*.py")):
        if "migrations" in path.parts or path.name == "fields.py":
            kept.update(f"{path.relative_to(ROOT)}".encode() + path.read_bytes())
    return kept.hexdigest()[:16]


def migrated(home: Path, **place: str) -> None:
    """In a process of its own."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("BANSO_")} | place
    environment |= {
        "BANSO_HOME": str(home),
        "PYTHONPATH": str(ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "banso.config.settings",
    }
    home.mkdir(exist_ok=True)
    subprocess.run([sys.executable, "-c", CODE], env=environment, check=True)


def begin(home: Path) -> None:
    """A home that begins with a migrated database."""
    home.mkdir(parents=True, exist_ok=True)
    shutil.copy(made(), home / "banso.sqlite3")


def of_postgresql(address: str) -> str:
    """The name of the one on this server."""
    import psycopg

    name, folder = "banso_template", Path(address.split("host=")[1])
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server = f"user=banso dbname=postgres host={folder}"
        with psycopg.connect(server, autocommit=True) as database:
            if not database.execute(
                "select 1 from pg_database where datname = %s", [name]
            ).fetchone():
                database.execute("create database banso_migrating")
                migrated(
                    folder / "home",
                    BANSO_DATABASE_URL=f"postgresql://banso@/banso_migrating?host={folder}",
                )
                database.execute(f"alter database banso_migrating rename to {name}")
    return name
