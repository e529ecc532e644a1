"""The people of one customer, each with their own numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from banso.base.fields import localized
from banso.core.metrics import ActiveDays, DaysSince, OfPerson, PerPerson
from banso.engagements.models import Engagement
from banso.metrics.models import Metric
from banso.metrics.people import PersonKey, person_values
from banso.metrics.sentences import capitalized, simple
from banso.metrics.values import definitions
from banso.parties.models import Party
from banso.web.formats import language

MOST_COLUMNS = 4
ALWAYS: Sequence[OfPerson] = (DaysSince(None, 90), ActiveDays(None, 28))


@dataclass(frozen=True)
class Column:
    """What is told of each person; `name` is the metric's where one rests on it."""

    name: str
    words: str
    of: OfPerson

    @property
    def label(self) -> str:
        return self.name or self.words


@dataclass(frozen=True)
class PersonLine:
    """A person and their numbers, each after what its column is called."""

    name: str
    values: Sequence[tuple[str, float | None]]


@dataclass(frozen=True)
class UsagePage:
    uid: str
    name: str
    as_of: date
    columns: Sequence[Column]
    people: Sequence[PersonLine]


def usage_page(engagement: Engagement, as_of: date) -> UsagePage:
    """Everybody seen in 90 days: how long silent, on how many days active, and what the metrics
    per person count; whoever was here last comes first."""
    columns = columns_in_use()
    told = [person_values(each.of, [engagement.pk], as_of)[engagement.pk] for each in columns]
    people = sorted({person for values in told for person in values}, key=str)
    people.sort(key=lambda person: silence(told[0].get(person)))
    names = names_of(people)
    return UsagePage(
        uid=engagement.uid,
        name=engagement.party.name,
        as_of=as_of,
        columns=columns,
        people=[
            PersonLine(
                names[person],
                [
                    (column.label, values.get(person))
                    for column, values in zip(columns, told, strict=True)
                ],
            )
            for person in people
        ],
    )


def shown(of: OfPerson) -> bool:
    """Whether it is told of the customer's people: acts are mostly our colleagues'."""
    return of not in ALWAYS and of.stream != "acts"


def columns_in_use() -> list[Column]:
    found = [Column("", capitalized(simple(of)), of) for of in ALWAYS]
    names = dict(Metric.objects.filter(retired_at=None).values_list("key", "name"))
    for key, meaning in definitions().items():
        if isinstance(meaning, PerPerson) and shown(meaning.of):
            name, words = localized(names[key], language()), capitalized(simple(meaning.of))
            found.append(Column(name, words, meaning.of))
    return found[:MOST_COLUMNS]


def silence(value: float | None) -> float:
    return float("inf") if value is None else value


def names_of(people: Sequence[PersonKey]) -> Mapping[PersonKey, str]:
    """The people's names; of those whom nobody has named, how their source calls them."""
    parties = Party.objects.in_bulk([each for each in people if isinstance(each, int)])
    return {
        each: parties[each].name if isinstance(each, int) else each.partition(":")[2]
        for each in people
    }
