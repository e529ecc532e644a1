"""What a text search finds a customer by, once its outside ids and people are known."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from banso.base import search
from banso.base.pacing import paced
from banso.engagements.models import Engagement
from banso.events.models import ExternalId
from banso.parties.models import Membership


def index_customers(engagement_ids: Collection[int]) -> None:
    """Make engagements findable by name, segment, region, trade, owner, outside id and people."""
    for some in paced(sorted(engagement_ids)):
        words = _own_words(some)
        for engagement, value in ExternalId.objects.filter(engagement__in=some).values_list(
            "engagement_id", "value"
        ):
            words[engagement].append(value)
        for engagement, name in _people(some):
            words[engagement].append(name)
        search.index("engagement", [(pk, " ".join(found)) for pk, found in words.items()])


def _people(some: Collection[int]) -> Iterator[tuple[int, str]]:
    """Engagements and the names of who belongs to them now."""
    customers = Engagement.objects.filter(pk__in=some).values_list("party_id", "pk")
    engagements = defaultdict(list)
    for party, engagement in customers:
        engagements[party].append(engagement)
    current = Membership.objects.filter(until=None, person__merged_into=None)
    members = current.filter(home__in=engagements)
    for home, name in members.values_list("home_id", "person__name"):
        for engagement in engagements[home]:
            yield engagement, name


def _own_words(some: Collection[int]) -> dict[int, list[str]]:
    rows = Engagement.objects.filter(pk__in=some).values_list(
        "pk",
        "party__name",
        "segment",
        "party__organization__region",
        "party__organization__industry",
        "owner_name",
        "owner__name",
    )
    found: dict[int, list[str]] = defaultdict(list)
    for pk, *words in rows:
        found[pk] = [word for word in words if word]
    return found
