"""How readily a play's suggestions are taken up, learned from what people answered."""

from django.db.models import Count, Q

from banso.core.enrolment import Tally, rank
from banso.plays.models import Intervention

TAKEN = Q(started_on__isnull=False, started_by__isnull=False)
REFUSED = Q(ended_as=Intervention.Ended.REFUSED)


def tallies(play: int) -> dict[str, Tally]:
    """By situation: what people answered to the play there, and elsewhere."""
    answers = Intervention.objects.filter(TAKEN | REFUSED, play=play).order_by()
    rows = answers.values("situation").annotate(
        taken=Count("pk", filter=TAKEN), refused=Count("pk", filter=REFUSED)
    )
    found = {each["situation"]: (each["taken"], each["refused"]) for each in rows}
    taken = sum(each for each, _ in found.values())
    refused = sum(each for _, each in found.values())
    here = {
        situation: Tally(yes, no, taken - yes, refused - no)
        for situation, (yes, no) in found.items()
    }
    return here | {ELSEWHERE: Tally(0, 0, taken, refused)}


ELSEWHERE = ""
"""Where nobody has answered yet."""


def ranks(play: int) -> dict[str, float]:
    """By situation, with ELSEWHERE for the others."""
    return {situation: rank(tally) for situation, tally in tallies(play).items()}


def rank_again(play: int, situation: str) -> None:
    """The play's suggestions that wait in a situation are ranked as the answers now say."""
    known = ranks(play)
    waiting = Intervention.objects.filter(play=play, ended_at=None, started_on=None)
    waiting.filter(situation=situation).update(rank=known.get(situation, known[ELSEWHERE]))
