"""A case as somebody may read it: with its customer, or without."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count

from banso.base.models import User
from banso.cases import access
from banso.cases.context import Context, alike, size_of
from banso.cases.masking import masked_words, names_by, words_of
from banso.cases.models import Case, CaseConsent
from banso.core.estimate import Estimate
from banso.engagements.access import hidden_from
from banso.engagements.models import Engagement
from banso.metrics.models import Metric


@dataclass(frozen=True)
class Told:
    """A case with its words as the reader may see them; `customer` is None to a stranger of a
    restricted one. `reuse` counts who was given its play because of it, `alike` (0 to 1) how
    like the customer that asks theirs was."""

    case: Case
    words: Mapping[str, str]
    customer: Engagement | None
    consent: CaseConsent | None
    reuse: int
    alike: float | None

    @property
    def title(self) -> str:
        return self.words["title"]

    @property
    def metric(self) -> Metric | None:
        return self.case.intervention.run.version.metric

    @property
    def read_on(self) -> date:
        """The day on which the metric is read again."""
        given = self.case.intervention
        return given.as_of + timedelta(days=given.run.version.window_days)

    @property
    def size(self) -> str:
        return size_of(self.case.seats)


def tell(rows: Sequence[Case], user: User, asking: Context | None = None) -> list[Told]:
    """A fixed number of statements."""
    numbers = [each.pk for each in rows]
    hidden = hidden_from(user)
    strange = names_by([each for each in rows if each.engagement_id in hidden])
    consents = CaseConsent.objects.filter(case__in=numbers, ended_at=None)
    given = {each.case_id: each for each in consents.select_related("noted_by")}
    copies = access.copies(user).filter(case__in=numbers, intervention__isnull=False)
    reuse = dict(copies.order_by().values("case").annotate(n=Count("pk")).values_list("case", "n"))
    return [
        Told(
            case=each,
            words=masked_words(each, strange[each.pk]) if each.pk in strange else words_of(each),
            customer=None if each.pk in strange else each.engagement,
            consent=given.get(each.pk),
            reuse=reuse.get(each.pk, 0),
            alike=likeness_of(each, asking),
        )
        for each in rows
    ]


def likeness_of(case: Case, asking: Context | None) -> float | None:
    result = alike(case, asking) if asking else None
    return result.value if isinstance(result, Estimate) else None
