"""The look-back as a job whose result is kept until the history changes."""

from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.tasks import task

from banso.goals.lookback import LookBack, look_back
from banso.goals.proposals import KEPT_SECONDS, history_version

ASKED_SECONDS = 10 * 60


@dataclass(frozen=True)
class Running:
    """The job was asked for; `done` of `total` days are looked at (0 of 0: not begun)."""

    done: int
    total: int

    @property
    def part(self) -> float | None:
        return self.done / self.total if self.total else None


def kept_look_back(as_of: date) -> LookBack | Running:
    """The result, or how far the job is that makes it; asks for the job where nobody has."""
    key = kept_key(as_of)
    found: LookBack | None = cache.get(key)
    if found is not None:
        return found
    if cache.add(f"{key}:asked", (0, 0), ASKED_SECONDS):
        make_look_back.enqueue(as_of=as_of.isoformat())
    return Running(*cache.get(f"{key}:asked", (0, 0)))


def kept_key(as_of: date) -> str:
    return f"lookback:{as_of.isoformat()}:{history_version()}"


@task
def make_look_back(*, as_of: str) -> int:
    """Make and keep the look-back of a day; returns how many losses it holds."""
    day = date.fromisoformat(as_of)
    key = kept_key(day)

    def tell(done: int, total: int) -> None:
        cache.set(f"{key}:asked", (done, total), ASKED_SECONDS)

    found = look_back(day, tell)
    cache.set(key, found, KEPT_SECONDS)
    return len(found.losses)
