import pytest

from banso.base.models import Role
from tests.world import build


@pytest.fixture
def me(staff):
    return staff(Role.SUCCESS, name="佐藤 花子")


@pytest.fixture
def world(me):
    """Six customers of mine with standings, contacts and steps."""
    return build(6, me)


@pytest.fixture
def client(sign_in, me):
    return sign_in(me)
