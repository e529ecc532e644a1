"""Who may see which source, and what of what it sent."""

from django.db.models import Exists, Q, QuerySet
from django.shortcuts import get_object_or_404

from banso.base.models import Role, StaffGrant, User
from banso.base.roles import MANAGERS
from banso.core.text import key as folded
from banso.engagements.access import hidden_from
from banso.events.access import Hidden
from banso.events.models import ExternalId, Source
from banso.ingest.models import WriteKey
from banso.parties.models import Party


def sources(user: User) -> QuerySet[Source]:
    """The sources that products send to: staff with an open grant read all."""
    allowed = StaffGrant.objects.filter(user=user, ended_at=None)
    return Source.objects.filter(Exists(allowed), keys__isnull=False).distinct().order_by("name")


def source_or_404(user: User, key: str) -> Source:
    """The source of that name; Http404 for one that `user` may not read."""
    return get_object_or_404(sources(user), key=key)


def key_or_404(user: User, uid: str) -> WriteKey:
    mine = WriteKey.objects.filter(source__in=sources(user)).select_related("source")
    return get_object_or_404(mine, uid=uid)


def may_change(role: Role) -> bool:
    return role in MANAGERS


def hidden_in(user: User, source: Source) -> Hidden:
    """The ids and names of restricted customers and their people that `user` may not read."""
    hidden = hidden_from(user)
    if not hidden:
        return Hidden()
    named = Q(engagements__in=hidden) | Q(memberships__home__engagements__in=hidden)
    parties = Party.objects.filter(named)
    theirs = Q(engagement__in=hidden) | Q(party__in=parties.values("pk"))
    ids = ExternalId.objects.filter(theirs, source=source).values_list("value", flat=True)
    words = {word for pair in parties.values_list("name", "person__email") for word in pair}
    return Hidden(
        frozenset(folded(word) for word in words if word),
        frozenset(folded(value) for value in ids),
    )
