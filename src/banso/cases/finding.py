"""Cases found by situation, in everyday words: what each may be found by, and in which order."""

from collections.abc import Iterator, Mapping, Sequence

from django.db.models import QuerySet
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from banso.base import search
from banso.cases.context import Context, alike, size_of
from banso.cases.masking import WORDS, masked_for_all, names_of
from banso.cases.models import Case
from banso.core.estimate import Estimate
from banso.core.everyday import answered, asked
from banso.core.pseudonyms import masked

KIND = "case"
MOST = 200
"""Cases looked at: those with the most and rarest of the words asked for."""
LANGUAGES = ("ja", "en")
SIZES: dict[str, str | Promise] = {
    "small": _("small company"),
    "medium": _("middle-sized company"),
    "large": _("large company"),
}
TOUCHES: dict[str, str | Promise] = {
    "high": pgettext_lazy("touch", "high touch"),
    "low": pgettext_lazy("touch", "low touch"),
    "tech": pgettext_lazy("touch", "tech touch"),
}
ENDINGS: dict[str, str | Promise] = {
    "success": _("it worked, a success"),
    "failure": _("it did not work, a failure"),
}


def index(case: Case) -> None:
    """What it may be found by: its words without the customer's name, and where they stood, in
    both languages. Call it in the action's transaction."""
    words = [search.mark(KIND), *masked_for_all(case), *situation_words(case)]
    search.index(KIND, [(case.pk, "\n".join(words))])


def situation_words(case: Case) -> Iterator[str]:
    yield masked(case.segment, names_of(case), " ")
    for language in LANGUAGES:
        with translation.override(language):
            codes = ((SIZES, size_of(case.seats)), (TOUCHES, case.touch), (ENDINGS, case.ending))
            yield from (str(words[code]) for words, code in codes if code)
    named = [each.kind.name for each in case.barriers.select_related("kind")]
    metric = case.intervention.run.version.metric
    named += [case.intervention.play.name, metric.name if metric else {}]
    named += [case.stage.name] if case.stage else []
    yield from (str(text) for name in named for text in name.values())


def found(among: QuerySet[Case], question: str, asking: Context | None) -> list[int]:
    """Of these cases those that answer at least half of the words asked for: the ones with the
    most first, then whose customer was most like the one that asks, then the latest."""
    words = asked(question)
    stems = sorted({stem for word in words for stem in word.stems})
    hits = {
        subject: met
        for subject, tokens in search.nearest(KIND, stems, MOST)
        if (met := answered(tokens, words))
    }
    return ranked(among.filter(pk__in=list(hits)), asking, hits)


def ranked(
    among: QuerySet[Case], asking: Context | None, hits: Mapping[int, int] | None = None
) -> list[int]:
    """The numbers of these cases in that order, without their words being read."""
    met = hits or {}
    keyed = [
        (-met.get(each.pk, 0), -closeness(each, asking), -each.pk)
        for each in among.select_related(None).defer(*WORDS)
    ]
    return [-number for _, _, number in sorted(keyed)]


def closeness(case: Case, asking: Context | None) -> float:
    """0 where nobody asks for a customer, or nothing is known of both."""
    result = alike(case, asking) if asking else None
    return result.value if isinstance(result, Estimate) else 0.0


def in_order(among: QuerySet[Case], numbers: Sequence[int]) -> list[Case]:
    rows = among.in_bulk(list(numbers))
    return [rows[each] for each in numbers if each in rows]
