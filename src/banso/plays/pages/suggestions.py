"""The next best step for a customer: the play that waits for an answer, and why."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from banso.base.fields import localized
from banso.base.workspace import day_end, workspace
from banso.core.conditions import load
from banso.metrics.condition_form import ConditionForm, Group, TooDeep
from banso.metrics.fields import Field, fields
from banso.plays.models import Intervention, PlayVersion
from banso.web.formats import day_text, language, money_text, number_text, percent_text

MOST_FACTS = 3


@dataclass(frozen=True)
class Suggestion:
    """The best of what waits for an answer; `groups` tell its condition, `facts` the values it
    rests on, `steps` what would be done. `others` more wait behind it."""

    intervention: Intervention
    name: str
    groups: Sequence[Group]
    facts: Sequence[str]
    steps: Sequence[str]
    others: int
    writable: bool


def suggestions_of(
    ids: Collection[int], as_of: date, writable: Collection[int] = ()
) -> dict[int, Suggestion]:
    """The best suggestion of each engagement that had one on a day; the best ranked first, then
    in the plays' order. A fixed number of statements."""
    rows = waiting_on(ids, as_of).select_related("play", "run__version")
    ordered = rows.prefetch_related("run__version__steps").order_by("-rank", "play__position", "pk")
    best: dict[int, Intervention] = {}
    counts: dict[int, int] = {}
    for each in ordered:
        best.setdefault(each.engagement_id, each)
        counts[each.engagement_id] = counts.get(each.engagement_id, 0) + 1
    if not best:
        return {}
    wording = Wording(fields())
    return {
        each: wording.suggestion(row, counts[each] - 1, each in writable)
        for each, row in best.items()
    }


def waiting_on(ids: Collection[int], as_of: date) -> QuerySet[Intervention]:
    end = day_end(as_of)
    not_begun = Q(started_at=None) | Q(started_at__gte=end)
    not_ended = Q(ended_at=None) | Q(ended_at__gte=end)
    return Intervention.objects.filter(
        not_begun, not_ended, engagement__in=list(ids), planned_at__lt=end
    )


class Wording:
    """How suggestions are told: each version's condition once, values by the kind of field."""

    def __init__(self, known: Iterable[Field]) -> None:
        self.fields = list(known)
        self.by_key = {each.key: each for each in self.fields}
        self.told: dict[int, Sequence[Group]] = {}

    def suggestion(self, row: Intervention, others: int, writable: bool) -> Suggestion:
        version = row.run.version
        return Suggestion(
            intervention=row,
            name=localized(row.play.name, language()),
            groups=self.groups(version),
            facts=self.facts(row.known.get("fields", {})),
            steps=[localized(each.words, language()) for each in version.steps.all()],
            others=others,
            writable=writable,
        )

    def groups(self, version: PlayVersion) -> Sequence[Group]:
        if version.pk not in self.told:
            self.told[version.pk] = told(version, self.fields)
        return self.told[version.pk]

    def facts(self, known: Mapping[str, object]) -> list[str]:
        """Up to three of the values then, with what they are of."""
        found = ((self.by_key.get(key), value) for key, value in known.items())
        told = [
            f"{field.label} {text}"
            for field, value in found
            if field is not None and (text := value_text(field, value))
        ]
        return told[:MOST_FACTS]


def told(version: PlayVersion, known: Sequence[Field]) -> Sequence[Group]:
    """The condition as rows to read; none for one that no form could have made."""
    try:
        groups = ConditionForm(fields=known, condition=load(version.condition)).groups
    except TooDeep:
        return ()
    return [group for group in groups if any(row.field for row in group.rows)]


def value_text(field: Field, value: object) -> str:
    """A number or a day as it is read; "" for what the condition says by itself."""
    if isinstance(value, str) and field.kind == "date":
        return day_text(date.fromisoformat(value), "medium")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    if field.kind == "share":
        return percent_text(value)
    if field.kind == "money":
        return money_text(round(value), workspace().currency, compact=True)
    return number_text(value) if field.kind == "number" else ""
