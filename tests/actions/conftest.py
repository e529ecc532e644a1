import pytest

from banso.base.models import Workspace
from banso.engagements.models import Engagement
from banso.parties.models import Party


@pytest.fixture
def customer(workspace: Workspace):
    """Makes a customer: customer("名前", owner=...)."""

    def make(name: str = "青空商事", **fields: object) -> Engagement:
        party = Party.objects.create(kind="organization", name=name, name_key=name)
        return Engagement.objects.create(party=party, **fields)

    return make
