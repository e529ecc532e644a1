"""Numbers per person: each one's active days, or for how long somebody has been silent."""

from collections.abc import Collection
from datetime import date

from banso.core.metrics import SEEN_DAYS, OfPerson, PerPerson
from banso.engine import measure as engine
from banso.engine.sql import reach
from banso.events.models import ExternalId
from banso.metrics.streams import FEW, gather, unconnected

PARTY = "party:"

type PersonKey = int | str


def person_values(
    of: OfPerson, ids: Collection[int], as_of: date, *, seen: int = SEEN_DAYS
) -> dict[int, dict[PersonKey, float | None]]:
    """The number of each person of these engagements seen in the `seen` days up to `as_of`.

    People go by the id of their party, or "source:person" where nobody has told who that is.
    """
    found: dict[int, dict[PersonKey, float | None]] = {each: {} for each in ids}
    if not found or unconnected(of.stream, {as_of}):
        return found
    back = reach([PerPerson(of, "mean", seen=seen)])
    known = gather(back, [(each, as_of) for each in sorted(found)])
    told = engine.per_person(of, known.accounts, known.pairs, known.streams, seen=seen)
    parties = _parties({name for people in told.values() for name in people}, of.stream)
    for (each, _), people in told.items():
        found[each] = {parties.get(name, name): value for name, value in people.items()}
    return found


def _parties(names: Collection[str], stream: str) -> dict[str, int]:
    """Whom the engine's names mean; of contacts, they are parties already."""
    merged = {name: int(name.removeprefix(PARTY)) for name in names if name.startswith(PARTY)}
    if stream == "acts":
        return merged
    if stream != "events":
        return merged | {name: int(name.partition(":")[2]) for name in names}
    rows = ExternalId.objects.filter(kind=ExternalId.Kind.PERSON)
    if len(names) <= FEW:
        rows = rows.filter(value__in={name.partition(":")[2] for name in names})
    ids = rows.values_list("source_id", "value", "party_id")
    by_id = {f"{source}:{value}": party for source, value, party in ids.iterator()}
    return merged | {name: by_id[name] for name in names if name in by_id}
