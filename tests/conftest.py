"""A home of its own for every run, and the people and things most tests begin with."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

HOME = Path(tempfile.mkdtemp(prefix="banso-test-"))
os.environ["BANSO_HOME"] = str(HOME)
os.environ.setdefault("BANSO_SECRET_KEY", "only-for-tests-" + "x" * 40)


def pytest_addoption(parser):
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.addoption(
        "--require-everything",
        action="store_true",
        help="fail where a test would skip because the machine lacks something",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    if config.getoption("--database") == "postgresql" and not hasattr(config, "workerinput"):
        start_postgresql(config)


def start_postgresql(config):
    """A private server of the system's own binaries: socket only, no durability, gone at the end."""
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


def pytest_unconfigure(config):
    shutil.rmtree(HOME, ignore_errors=True)


def pytest_collection_modifyitems(config, items):
    """Browser tests share one process, so that only one chromium runs at a time."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.skipped and item.config.getoption("--require-everything"):
        reason = str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else ""
        if "shared/" not in reason and not hasattr(report, "wasxfail"):
            report.outcome = "failed"
            report.longrepr = f"nothing may be skipped here: {reason}"
    return report


@pytest.fixture(autouse=True)
def _own_home(settings, tmp_path):
    """Files a test writes stay in its own folder."""
    settings.HOME = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def workspace(db):
    from banso.base.models import Workspace

    return Workspace.objects.create(id=1, name="伴走テスト株式会社")


@pytest.fixture
def staff(workspace):
    """Makes a member of staff: staff(Role.SUCCESS, name=..., team=...)."""
    from banso.base.models import StaffGrant, User

    def make(role="success_manager", *, name="佐藤 花子", team=None, language="ja"):
        number = User.objects.count() + 1
        user = User.objects.create_user(
            f"staff{number}@example.com", "a long enough pass phrase", name=name, language=language
        )
        StaffGrant.objects.create(user=user, role=role, team=team)
        return user

    return make


@pytest.fixture
def sign_in():
    """A client signed in as the user."""
    from django.test import Client

    def enter(user):
        client = Client()
        client.force_login(user)
        return client

    return enter
