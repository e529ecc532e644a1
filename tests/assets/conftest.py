"""A writer, a manager and a customer."""

import pytest

from banso.base.models import Role
from tests.engagements.making import make_customer


@pytest.fixture
def writer(staff):
    return staff(Role.SUCCESS, name="佐藤 花子")


@pytest.fixture
def manager(staff):
    return staff(Role.MANAGER, name="部長 太郎")


@pytest.fixture
def customer(writer):
    return make_customer("青空商事", owner=writer)
