"""What must be settled before Django reads its settings: the home and the database of a run."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

HOME = Path(tempfile.mkdtemp(prefix="banso-test-"))
os.environ["BANSO_HOME"] = str(HOME)
os.environ.setdefault("BANSO_SECRET_KEY", "only-for-tests-" + "x" * 40)


def pytest_addoption(parser):
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.addoption(
        "--only-what-asks",
        action="store_true",
        help="leave out the tests to which the database makes no difference",
    )
    parser.addoption(
        "--require-everything",
        action="store_true",
        help="fail where a test would skip because the machine lacks something",
    )


TOGETHER = {
    "tests/journeys/": "browser",
    "tests/web/test_script.py": "browser",
    "tests/engine/test_spark.py": "cluster",
    "tests/cli/test_measure.py": "cluster",
    "tests/bench/": "cluster",
}
"""What many processes run beside shares one of the test processes: one chromium, and one cluster
or drill, at a time."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """By path: the groups that marks would name do not reach xdist 3.8 from pytest 9.2."""
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return next(
                (kind for path, kind in TOGETHER.items() if nodeid.startswith(path)), nodeid
            )

    return Together(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config):
    compile_catalogues()
    if early_config.known_args_namespace.database == "postgresql":
        start_postgresql(early_config)


def compile_catalogues():
    """Pages speak Japanese only from compiled catalogues; stale ones would fail far from here."""
    source = Path(__file__).parents[1] / "src"
    command = [sys.executable, "-m", "banso.config.catalogs", "compile"]
    subprocess.run(
        command, check=True, capture_output=True, env=os.environ | {"PYTHONPATH": str(source)}
    )


def start_postgresql(config):
    """A private server of the system's own binaries: socket only, gone at the end."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not binaries:
        pytest.exit("PostgreSQL is not installed: sudo apt install postgresql", 1)
    folder = Path(tempfile.mkdtemp(prefix="banso-pg-"))
    folder.chmod(0o777)
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []

    def run(*words):
        subprocess.run([*as_user, *map(str, words)], check=True, capture_output=True, cwd=folder)

    data = folder / "data"
    run(
        binaries[-1] / "initdb",
        "-D",
        data,
        "-U",
        "banso",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "-N",
        "--locale=C.UTF-8",
    )
    flags = (
        f"-k {folder} -h '' -c fsync=off -c synchronous_commit=off"
        " -c full_page_writes=off -c max_connections=60"
    )
    run(binaries[-1] / "pg_ctl", "-D", data, "-w", "-o", flags, "-l", folder / "log", "start")
    os.environ["BANSO_DATABASE_URL"] = f"postgresql://banso@/postgres?host={folder}"

    def stop():
        run(binaries[-1] / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)

    config.add_cleanup(stop)


def pytest_unconfigure():
    shutil.rmtree(HOME, ignore_errors=True)
