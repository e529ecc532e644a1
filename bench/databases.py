"""Private databases for benchmarks: a home, and a PostgreSQL server that ends with it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.template import begin

SETTINGS = "-c shared_buffers=256MB -c work_mem=16MB -c max_connections=60 -c synchronous_commit=on"


@contextmanager
def home(database: str) -> Iterator[Path]:
    """A BANSO_HOME with nobody in it, in the environment: SQLite, or a private PostgreSQL."""
    folder = Path(tempfile.mkdtemp(prefix="banso-bench-"))
    os.environ["BANSO_HOME"] = str(folder)
    os.environ["BANSO_SECRET_KEY"] = "only-for-benchmarks-" + "x" * 40
    os.environ["DJANGO_SETTINGS_MODULE"] = "banso.config.settings"
    os.environ.pop("BANSO_DATABASE_URL", None)
    try:
        if database == "postgresql":
            with postgresql() as url:
                os.environ["BANSO_DATABASE_URL"] = url
                yield folder
        else:
            begin(folder)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of a server of the system's own binaries; it listens on a socket only."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not binaries:
        raise SystemExit("PostgreSQL is not installed: sudo apt install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="banso-pg-"))
    folder.chmod(0o777)
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []

    def run(*words: object) -> None:
        command = [*as_user, *map(str, words)]
        subprocess.run(command, check=True, capture_output=True, cwd=folder)

    data, control = folder / "data", binaries[-1] / "pg_ctl"
    made = ["-A", "trust", "-E", "UTF8", "-N", "--locale=C.UTF-8"]
    run(binaries[-1] / "initdb", "-D", data, "-U", "banso", *made)
    flags = f"-k {folder} -h '' {SETTINGS}"
    run(control, "-D", data, "-w", "-o", flags, "-l", folder / "log", "start")
    try:
        yield f"postgresql://banso@/postgres?host={folder}"
    finally:
        run(control, "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
