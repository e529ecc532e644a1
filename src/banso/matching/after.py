"""What is done by the worker once two became one, or two again."""

from collections.abc import Collection

from django.tasks import task

from banso.engagements.after import announce
from banso.matching.finding import search_again

FEW = 500


def refresh_later(engagements: Collection[int], parties: Collection[int]) -> None:
    """Have the numbers of these engagements, and the matches of these parties, looked at again
    by the next job; the request need not wait."""
    refresh.enqueue(engagements=sorted(engagements), parties=sorted(parties))


@task
def refresh(*, engagements: list[int], parties: list[int]) -> None:
    """Compute what rests on these engagements, and who else may be one of these parties."""
    announce(engagements if len(engagements) <= FEW else None)
    search_again(parties)
