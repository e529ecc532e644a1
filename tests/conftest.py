"""The people and things most tests begin with."""

import os
import shutil

import pytest
from bench import template

from tests.plugin import HOME

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser keeps a loop running
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Leave out, where that is asked, the tests to which the database makes no difference."""
    if config.getoption("--only-what-asks"):
        kept = [item for item in items if asks_the_database(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept


def asks_the_database(item) -> bool:
    """Whether another database could make a difference: it opens it, for more than wording."""
    fixtures = {"db", "transactional_db", "live_server"}.intersection(item.fixturenames)
    opens = bool(fixtures or item.get_closest_marker("django_db"))
    return opens and not item.get_closest_marker("any_database")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.skipped and item.config.getoption("--require-everything"):
        reason = str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else ""
        if "shared/" not in reason and not hasattr(report, "wasxfail"):
            report.outcome = "failed"
            report.longrepr = f"nothing may be skipped here: {reason}"
    return report


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """SQLite in a file, as installations have it: a live server's threads each have their own
    connection to it, and close it, which those of a database in memory never do."""
    from django.db import connection

    test = connection.settings_dict["TEST"]
    if connection.vendor == "sqlite":
        test["NAME"] = str(HOME / "test.sqlite3")
        shutil.copy(template.made(), test["NAME"])
    else:
        test["TEMPLATE"] = template.of_postgresql(os.environ["BANSO_DATABASE_URL"])


@pytest.fixture(scope="session")
def django_db_keepdb():
    """The copy is what is asked for; it goes with the home of the run."""
    from django.db import connection

    return connection.vendor == "sqlite"


@pytest.fixture(autouse=True)
def _own_home(settings, tmp_path, monkeypatch):
    """Files a test writes stay in its own folder; a command run in it leaves its process as it
    was."""
    settings.HOME, settings.BACKGROUND_NICENESS = tmp_path, 0
    monkeypatch.setattr("banso.base.pacing._behind", set())
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
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


@pytest.fixture(scope="session")
def chromium():
    """The one browser of a run; skipped with one line where there is none."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no chromium on this machine: sudo apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def spark_master(tmp_path_factory):
    """The address of a cluster of this run's own: a master and two workers on this machine."""
    from tests.spark import lacking, standalone

    if reason := lacking():
        pytest.skip(reason)
    with standalone(tmp_path_factory.mktemp("spark")) as master:
        yield master
