"""Who looks at a page of a product, as far as its server has signed it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from banso.core.signed_identity import Identity, NotVerified, verified
from banso.engine.barred import digest_of
from banso.events.models import ExternalId
from banso.inproduct.signing import open_secrets

UNSIGNED = "none"
SIGNED = "accepted"


@dataclass(frozen=True)
class Visitor:
    """`identity` is None for anybody; `said` says what became of the token. `engagement` and
    `party` are ours, where the account is a customer now and the person is known."""

    source: int
    said: str = UNSIGNED
    identity: Identity | None = None
    engagement: int | None = None
    party: int | None = None

    @property
    def name(self) -> str:
        """What they are remembered by; "" for anybody, who is not."""
        return digest_of(self.source, self.identity.person) if self.identity else ""


def visitor_of(source: int, token: str, *, now: datetime, today: date) -> Visitor:
    """Somebody, where a token is right; else anybody."""
    if not token:
        return Visitor(source)
    try:
        identity = verified(token, secrets=open_secrets(source), now=now)
    except NotVerified as refused:
        return Visitor(source, refused.why)
    engagement, party = known(source, identity, today)
    return Visitor(source, SIGNED, identity, engagement, party)


def known(source: int, identity: Identity, today: date) -> tuple[int | None, int | None]:
    """(the customer that the account is now, the person), where we have them."""
    account = Q(kind=ExternalId.Kind.ACCOUNT, value=identity.account)
    person = Q(kind=ExternalId.Kind.PERSON, value=identity.person, party__erased_at=None)
    ended = Q(engagement__ended_on__lt=today)
    rows = ExternalId.objects.filter(account | person, source=source).exclude(ended)
    found = {
        kind: (one, other)
        for kind, one, other in rows.values_list("kind", "engagement_id", "party_id")
    }
    nothing = (None, None)
    return (
        found.get(ExternalId.Kind.ACCOUNT, nothing)[0],
        found.get(ExternalId.Kind.PERSON, nothing)[1],
    )
