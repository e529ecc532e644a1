"""The dry run over the past year as a job whose result is kept for the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.cache import cache
from django.tasks import task

from banso.goals.kept_lookback import ASKED_SECONDS, Running
from banso.goals.proposals import KEPT_SECONDS, history_version
from banso.plays.dry_run import DryDay, dry_run
from banso.plays.models import PlayVersion

WEEKS = 52


@dataclass(frozen=True)
class YearOfIt:
    """One day of each week of the year before a day, that day the last."""

    days: Sequence[DryDay]


def days_before(as_of: date) -> list[date]:
    return [as_of - timedelta(weeks=back) for back in reversed(range(WEEKS))]


def kept_dry_run(version: PlayVersion, as_of: date) -> YearOfIt | Running | None:
    """The result, or how far the job is that makes it; None where nobody has asked for it."""
    key = kept_key(version.pk, as_of)
    found: YearOfIt | None = cache.get(key)
    if found is not None:
        return found
    asked = cache.get(f"{key}:asked")
    return None if asked is None else Running(*asked)


def ask_dry_run(version: PlayVersion, as_of: date) -> None:
    """Ask for the job, once while it runs."""
    if cache.add(f"{kept_key(version.pk, as_of)}:asked", (0, 0), ASKED_SECONDS):
        make_dry_run.enqueue(version=version.pk, as_of=as_of.isoformat())


def kept_key(version: int, as_of: date) -> str:
    return f"dry-run:{version}:{as_of.isoformat()}:{history_version()}"


@task
def make_dry_run(*, version: int, as_of: str) -> int:
    """Make and keep the dry run; returns how often the play would have been given."""
    day = date.fromisoformat(as_of)
    key = kept_key(version, day)

    def tell(done: int, total: int) -> None:
        cache.set(f"{key}:asked", (done, total), ASKED_SECONDS)

    row = PlayVersion.objects.select_related("play").get(pk=version)
    found = dry_run(row, days_before(day), tell)
    cache.set(key, YearOfIt(found), KEPT_SECONDS)
    return sum(len(each.given) for each in found)
