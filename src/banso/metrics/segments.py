"""Who is in a segment: today by one statement, on any day by what was known then."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db.models import Case, Q, QuerySet, When

from banso.base.models import User
from banso.base.workspace import local_today
from banso.core.conditions import All, AnyOf, Condition, Is, Not, Value, fields_of, holds, load
from banso.engagements.access import engagements
from banso.engagements.models import Engagement
from banso.metrics.fields import At, Field, fields
from banso.metrics.models import Segment

NOBODY = Q(pk__in=[])
EVERYBODY = ~NOBODY  # an empty Q would vanish beside others and under a denial


def segments_in_use(user: User | None = None) -> QuerySet[Segment]:
    """The shared segments and `user`'s own, in their order."""
    mine = Q(shared=True) if user is None else Q(shared=True) | Q(created_by=user)
    return Segment.objects.filter(mine, retired_at=None).order_by("position", "id")


def members(segment: Segment, user: User | None = None) -> QuerySet[Engagement]:
    """Whom the segment holds for today, among those `user` may read (None: among all)."""
    return matching(load(segment.condition), user)


def count(segment: Segment, user: User | None = None) -> int:
    """How many there are; of a growing table, so for pages that show few of them."""
    return members(segment, user).count()


def matching(condition: Condition, user: User | None = None) -> QuerySet[Engagement]:
    """Whom a condition holds for today, among those `user` may read (None: among all)."""
    among = Engagement.objects.filter(merged_into=None) if user is None else engagements(user)
    return among.filter(where(condition, local_today()))


def where(condition: Condition, today: date) -> Q:
    """The condition over engagements, as `holds` would answer for each."""
    known = {field.key: field for field in fields() if field.key in fields_of(condition)}
    return _where(condition, known, today)


def holding(conditions: Mapping[int, Condition], engagement: int) -> set[int]:
    """Those of the conditions, by their numbers, that hold today for one engagement: one
    statement however many they are."""
    known, today = {field.key: field for field in fields()}, local_today()
    asked = {
        f"holds_{number}": Case(When(_where(each, known, today), then=True), default=False)
        for number, each in conditions.items()
    }
    rows = Engagement.objects.filter(pk=engagement, merged_into=None).order_by()
    found = rows.annotate(**asked).values(*asked).first() or {}
    return {number for number in conditions if found.get(f"holds_{number}")}


def on_days(condition: Condition, pairs: Collection[At]) -> set[At]:
    """Those of the pairs of an engagement and a day for which the condition held that day.

    What a field without history said is what it says now; raises `OfToday` for a field that
    rests on where engagements stand.
    """
    wanted = list(pairs)
    columns = {key: values_at(key, wanted) for key in fields_of(condition)}
    return {
        pair
        for pair in wanted
        if holds(condition, {key: each.get(pair) for key, each in columns.items()}, as_of=pair[1])
    }


class OfToday(ValueError):
    """A condition asks for a field that is known of today alone."""


def values_at(key: str, pairs: Collection[At]) -> Mapping[At, Value]:
    """The field's values; nothing is known of a field that no longer exists."""
    field = next((each for each in fields() if each.key == key), None)
    if field is None:
        return {}
    if field.at is None:
        raise OfToday(key)
    return field.at(pairs)


def of_today(condition: Condition) -> list[Field]:
    """The fields asked for that are known of today alone."""
    asked = fields_of(condition)
    return [each for each in fields() if each.key in asked and each.at is None]


def lost(condition: Condition) -> set[str]:
    """The fields asked for that no longer exist: a retired metric, for example."""
    return fields_of(condition) - {each.key for each in fields()}


def memberships(
    segments: Sequence[Segment], ids: Collection[int], as_of: date
) -> dict[int, set[int]]:
    """Of each segment by id, its members among `ids` on a day."""
    if as_of != local_today():
        pairs = [(each, as_of) for each in ids]
        found = {each.pk: on_days(load(each.condition), pairs) for each in segments}
        return {segment: {each for each, _ in pairs} for segment, pairs in found.items()}
    among = set(ids)
    return {
        each.pk: among & set(matching(load(each.condition)).values_list("pk", flat=True))
        for each in segments
    }


def _where(condition: Condition, known: Mapping[str, Field], today: date) -> Q:
    match condition:
        case All(of):
            return Q(EVERYBODY, *(_where(each, known, today) for each in of))
        case AnyOf(of):
            return Q(*(_where(each, known, today) for each in of), _connector=Q.OR)
        case Not(of):
            return ~_where(of, known, today)
        case Is(field):
            found = known.get(field)
            if found is None or found.q is None:
                return EVERYBODY if holds(condition, {}, as_of=today) else NOBODY
            return found.q(condition, today)
