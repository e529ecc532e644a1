"""People by what somebody would type: our uid, an e-mail address, or an id of a source."""

from collections.abc import Sequence
from dataclasses import dataclass

from banso.cli.output import Unknown
from banso.engine.barred import Id
from banso.events.erasing import ids_of, with_others
from banso.events.models import ExternalId, Source
from banso.parties.models import Party


@dataclass(frozen=True)
class Called:
    """Who is meant, if we have a record of them, and what the sources call them."""

    party: Party | None
    ids: Sequence[Id]


def called(text: str) -> Called:
    """The person of that uid or address, or whom a source calls so: SOURCE:ID. Raises Unknown
    where nobody, or more than one, is called so."""
    source, _, value = text.partition(":")
    key = Source.objects.filter(key=source).first() if value else None
    if key is not None:
        return _of_source(key, value)
    people = Party.objects.filter(kind=Party.Kind.PERSON)
    found = list(people.filter(uid=text)) or list(
        people.filter(person__email__iexact=text, merged_into=None)[:2]
    )
    if len(found) != 1:
        who = "several people have" if found else "nobody has"
        raise Unknown(f"{who} the uid or e-mail address {text}")
    return Called(found[0], ids_of(found[0]))


def _of_source(source: Source, value: str) -> Called:
    row = ExternalId.objects.filter(source=source, kind=ExternalId.Kind.PERSON, value=value)
    known = row.select_related("party").first()
    if known is not None and known.party is not None:
        return Called(known.party, ids_of(known.party))
    return Called(None, with_others([(source.pk, value)]))
