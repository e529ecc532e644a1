"""Whose account an event is: as it says itself, else as the person was last grouped."""

from collections.abc import Collection, Sequence

from banso.ingest.calls import EVENTS, Seen
from banso.ingest.models import Subject

PERSON = Subject.Kind.PERSON


def place(source: int, seen: Sequence[Seen]) -> None:
    """Give each event without an account the one its person belongs to by then."""
    lacking = {each.person for each in seen if each.kind in EVENTS and each.account is None}
    homes = homes_of(source, {person for person in lacking if person})
    for each in seen:
        if each.kind == "group" and each.person and each.account:
            homes[each.person] = each.account
        elif each.account is None and each.person:
            each.account = homes.get(each.person)


def homes_of(source: int, people: Collection[str]) -> dict[str, str]:
    if not people:
        return {}
    grouped = Subject.objects.filter(source=source, kind=PERSON, value__in=people)
    return dict(grouped.exclude(account="").values_list("value", "account"))


def remember(source: int, seen: Sequence[Seen]) -> None:
    """Keep where people were grouped, at once: their next event may come before a worker does."""
    grouped = [each for each in seen if each.kind == "group"]
    homes = {each.person: each.account for each in grouped if each.person and each.account}
    Subject.objects.bulk_create(
        [
            Subject(source_id=source, kind=PERSON, value=person, account=account)
            for person, account in sorted(homes.items())
        ],
        update_conflicts=True,
        unique_fields=["source", "kind", "value"],
        update_fields=["account"],
    )
