"""Why a customer stands where it does, with numbers that add up on the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from banso.base.fields import localized
from banso.core.metrics import Occurrence, Ratio, Seats
from banso.engagements.models import Engagement
from banso.goals.plans import PlanTarget
from banso.goals.why import Why, WhyTerm, why
from banso.web.charts import Part
from banso.web.formats import language

LATEST = 30
DIGITS = 3


@dataclass(frozen=True)
class Line:
    """One term: the events its value rests on, the latest first; 30 unless all are asked."""

    term: WhyTerm
    printed: float
    events: Sequence[Occurrence]
    count: int
    all_shown: bool
    by_seats: bool


@dataclass(frozen=True)
class WhyPage:
    """`parts` are the shares to draw, `shares` and `gap` the same as printed: rounded so that they
    add up to the last digit. `weights` is the sum below each share's fraction."""

    engagement: Engagement
    as_of: date
    live: bool
    why: Why
    lines: Sequence[Line]
    parts: Sequence[Part]
    shares: Sequence[float]
    gap: float | None
    weights: float
    unmeasured: Sequence[PlanTarget]


def why_page(engagement: Engagement, as_of: date, *, live: bool, in_full: str = "") -> WhyPage:
    """`in_full` is the key of the metric whose events are all listed."""
    found = why(engagement, as_of)
    shares = printed([term.share for term in found.terms])
    return WhyPage(
        engagement=engagement,
        as_of=as_of,
        live=live,
        why=found,
        lines=[line(term, share, in_full) for term, share in zip(found.terms, shares, strict=True)],
        parts=[
            Part(localized(term.target.name, language()), share)
            for term, share in zip(found.terms, shares, strict=True)
        ],
        shares=shares,
        gap=None if found.gap is None else round(found.gap, DIGITS),
        weights=sum(term.weight for term in found.terms),
        unmeasured=found.unmeasured,
    )


def printed(shares: Sequence[float]) -> list[float]:
    """The shares rounded so that what is printed adds up to the rounded whole."""
    ends = [round(sum(shares[: n + 1]), DIGITS) for n in range(len(shares))]
    return [round(end - before, DIGITS) for before, end in zip([0.0, *ends], ends, strict=False)]


def line(term: WhyTerm, share: float, in_full: str) -> Line:
    latest = sorted(term.occurrences, key=lambda each: each.at, reverse=True)
    everything = term.target.key == in_full or len(latest) <= LATEST
    meaning = term.definition
    return Line(
        term=term,
        printed=share,
        events=latest if everything else latest[:LATEST],
        count=len(latest),
        all_shown=everything,
        by_seats=isinstance(meaning, Ratio) and isinstance(meaning.denominator, Seats),
    )
