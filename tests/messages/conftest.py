"""A writer, a customer with somebody there, a template."""

import pytest

from banso.base.models import Role
from tests.engagements.making import make_customer
from tests.messages.making import Broken, at, hello, person, written


@pytest.fixture
def writer(staff):
    return staff(Role.SUCCESS, name="佐藤 花子")


@pytest.fixture
def customer(writer):
    return make_customer("青空商事", owner=writer)


@pytest.fixture
def tanaka(customer):
    return person(customer)


@pytest.fixture
def template(writer):
    return hello(writer)


@pytest.fixture
def busy():
    """The clock stands in a working hour."""
    with at():
        yield


@pytest.fixture
def broken(settings, monkeypatch):
    settings.MAILERS = {"default": {"BACKEND": "tests.messages.making.Broken"}}
    return lambda how: monkeypatch.setattr(Broken, "fails", how)


@pytest.fixture
def more(customer, template, writer):
    """Writes one more message to each of the customer's people, or to these."""

    def write(group="hand 2", to=None):
        return written(customer, template, by=writer, group=group, to=to)

    return write
