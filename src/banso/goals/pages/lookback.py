"""The look-back as a page: the sentence, the rules side by side, and every customer lost."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from banso.base.models import User
from banso.base.workspace import workspace
from banso.core.estimate import Estimate, NotEstimable
from banso.engagements.access import engagements
from banso.engagements.models import Engagement
from banso.goals.kept_lookback import Running, kept_look_back
from banso.goals.lookback import LookBack, LostCustomer
from banso.goals.past_days import RULES


@dataclass(frozen=True)
class RuleLine:
    """One rule's record: how many lost customers it would have shown, and what they were worth
    (minor unit); `share` is None under ten losses. `followed`: of its top fifths, the share lost
    within 90 days; `everywhere`: of all."""

    rule: str
    caught: int
    value_caught: int
    share: Estimate | None
    by_chance: float
    followed: float | None
    everywhere: float


@dataclass(frozen=True)
class LostLine:
    engagement: Engagement
    lost: LostCustomer


@dataclass(frozen=True)
class LookbackPage:
    """`running` while the result is still being made; then `since` to `until` and the rest.

    `causes` counts why the missed ones were missed.
    """

    as_of: date
    running: Running | None
    since: date | None = None
    lost: int = 0
    value_lost: int = 0
    currency: str = ""
    caught: int = 0
    part_caught: float | None = None
    rules: Sequence[RuleLine] = ()
    few: NotEstimable | None = None
    missed: Sequence[LostLine] = ()
    found: Sequence[LostLine] = ()
    causes: Sequence[tuple[str, int]] = ()


def lookback_page(user: User, as_of: date) -> LookbackPage:
    result = kept_look_back(as_of)
    if isinstance(result, Running):
        return LookbackPage(as_of, result)
    return finished(user, as_of, result)


def finished(user: User, as_of: date, result: LookBack) -> LookbackPage:
    named = engagements(user).in_bulk([each.engagement_id for each in result.losses])
    lines = [
        LostLine(named[each.engagement_id], each)
        for each in result.losses
        if each.engagement_id in named
    ]
    share = result.ours.share
    missed = [each for each in lines if each.lost.missed]
    return LookbackPage(
        as_of=as_of,
        running=None,
        since=result.since,
        lost=len(result.losses),
        value_lost=result.value_lost,
        currency=workspace().currency,
        caught=result.ours.caught,
        part_caught=result.part_caught,
        rules=[rule_line(name, result) for name in RULES],
        few=share if isinstance(share, NotEstimable) else None,
        missed=missed,
        found=[each for each in lines if not each.lost.missed],
        causes=counted(missed),
    )


def rule_line(name: str, result: LookBack) -> RuleLine:
    rule = result.rules[name]
    share = rule.share if isinstance(rule.share, Estimate) else None
    after = result.after[name]
    value = result.value_caught(name)
    return RuleLine(name, rule.caught, value, share, rule.by_chance, after.share, after.everywhere)


def counted(missed: Sequence[LostLine]) -> Sequence[tuple[str, int]]:
    """How often each cause, the most frequent first."""
    return Counter(each.lost.missed.cause for each in missed if each.lost.missed).most_common()
