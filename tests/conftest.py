"""A home of its own for every run, and the people and things most tests begin with."""

import os
import tempfile
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="banso-test-"))
os.environ["BANSO_HOME"] = str(HOME)
os.environ.setdefault("BANSO_SECRET_KEY", "only-for-tests-" + "x" * 40)

import pytest  # noqa: E402
from django.test import Client  # noqa: E402

from banso.base.models import Role, StaffGrant, Team, User, Workspace  # noqa: E402


@pytest.fixture(autouse=True)
def _own_home(settings, tmp_path):
    """Files a test writes stay in its own folder."""
    settings.HOME = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def workspace(db) -> Workspace:
    return Workspace.objects.create(id=1, name="伴走テスト株式会社")


@pytest.fixture
def staff(workspace):
    """Makes a member of staff: staff(Role.SUCCESS, name=..., team=...)."""

    def make(
        role: str = Role.SUCCESS,
        *,
        name: str = "佐藤 花子",
        team: Team | None = None,
        language: str = "ja",
    ) -> User:
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

    def enter(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return enter
