"""Which sources staff may read, and what of them is covered with dots."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from banso.base.models import StaffGrant, User
from banso.core.text import key
from banso.engagements.access import hidden_from
from banso.events.access import Hidden
from banso.events.models import ExternalId, Source
from banso.ingest.models import Claim, Subject, WriteKey
from banso.parties.models import Party


def sources(user: User) -> QuerySet[Source]:
    """The products that send events, by name; every member of staff in post reads them. Files and
    our own acts are sources too, and nobody sends as them."""
    in_post = StaffGrant.objects.filter(user=user, ended_at=None)
    products = Source.objects.exclude(key__in=(Source.FILES, Source.BANSO))
    return products.filter(Exists(in_post)).order_by("name", "id")


def source_or_404(user: User, name: str) -> Source:
    return get_object_or_404(sources(user), key=name)


def key_or_404(source: Source, uid: str) -> WriteKey:
    return get_object_or_404(WriteKey, source=source, uid=uid)


def held(user: User) -> QuerySet[Subject]:
    """What is on hold, accounts first; not the people of customers that `user` may not read."""
    hidden = ExternalId.objects.filter(
        source=OuterRef("source"),
        kind=ExternalId.Kind.ACCOUNT,
        value=OuterRef("account"),
        engagement__in=hidden_from(user),
    )
    waiting = Subject.objects.filter(state=Subject.State.HELD, source__in=sources(user))
    return waiting.exclude(Exists(hidden)).order_by("postponed", "kind", "-id")


def claims(user: User) -> QuerySet[Claim]:
    """Who is said to be one and waits for an answer; not where it names somebody of customers
    that `user` may not read."""
    waiting = Claim.objects.filter(state=Claim.State.PENDING, source__in=sources(user))
    ids = hidden_people(user)
    if ids:
        waiting = waiting.exclude(said__in=ids).exclude(person__in=ids)
    return waiting.order_by("postponed", "-id")


def is_answered(user: User, uid: str) -> bool:
    """Whether what once waited under that name has its answer."""
    of_mine = {"uid": uid, "source__in": sources(user)}
    subjects = Subject.objects.filter(**of_mine).exclude(state=Subject.State.HELD)
    return subjects.exists() or (
        Claim.objects.filter(**of_mine).exclude(state=Claim.State.PENDING).exists()
    )


def hidden_people(user: User) -> set[str]:
    """The ids of people of customers that `user` may not read, and of the visitors they were."""
    hidden = hidden_from(user)
    if not hidden:
        return set()
    people = Party.objects.filter(memberships__home__engagements__in=hidden)
    ids = ExternalId.objects.filter(kind=ExternalId.Kind.PERSON, party__in=people)
    return set(ids.values_list("value", flat=True))


def hidden_in(user: User) -> Hidden:
    """Names and ids of restricted customers and their people that `user` may not read."""
    hidden = hidden_from(user)
    if not hidden:
        return Hidden()
    named = Q(engagements__in=hidden) | Q(memberships__home__engagements__in=hidden)
    parties = Party.objects.filter(named)
    ids = ExternalId.objects.filter(Q(engagement__in=hidden) | Q(party__in=parties.values("pk")))
    values = frozenset(key(value) for value in ids.values_list("value", flat=True))
    words = {word for pair in parties.values_list("name", "person__email") for word in pair}
    return Hidden(values | {key(word) for word in words if word}, values)
