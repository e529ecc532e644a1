"""When somebody may be disturbed: quiet hours, working days, the moment of the daily mail."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from banso.core.windows import holidays_of

FARTHEST = 40  # days ahead; longer than any stretch of holidays


@dataclass(frozen=True)
class Times:
    """When one person is mailed: the local `hour` of the daily mail, on which ISO weekdays, and
    between which local times nothing comes (over midnight where the first is the later one;
    equal ends: never quiet)."""

    zone: str
    hour: int
    weekdays: frozenset[int]
    quiet: tuple[time, time] | None = None


def is_quiet(now: datetime, times: Times) -> bool:
    """Whether the aware moment lies in the person's quiet hours."""
    if times.quiet is None:
        return False
    return _within(now.astimezone(ZoneInfo(times.zone)).time(), times.quiet)


def works_on(day: date, times: Times) -> bool:
    """A day of theirs that is no public holiday of Japan."""
    return day.isoweekday() in times.weekdays and day not in holidays_of(day.year)


def digest_moment(day: date, times: Times) -> datetime:
    """When the daily mail of a local day is due: at the hour, or where that is quiet, at the end
    of the quiet hours. A local time that a change of clocks skips comes with the change."""
    at = time(times.hour)
    if times.quiet is not None and _within(at, times.quiet):
        at = times.quiet[1]
    local = datetime.combine(day, at, ZoneInfo(times.zone))
    return local.astimezone(ZoneInfo("UTC"))


def digest_due(now: datetime, times: Times) -> date | None:
    """The local day whose daily mail is due now; None on days off, too early and in quiet."""
    day = now.astimezone(ZoneInfo(times.zone)).date()
    if not works_on(day, times) or is_quiet(now, times):
        return None
    return day if now >= digest_moment(day, times) else None


def next_digest(now: datetime, times: Times) -> datetime | None:
    """The next moment after `now` at which a daily mail is due; None where no day is theirs."""
    today = now.astimezone(ZoneInfo(times.zone)).date()
    for ahead in range(FARTHEST):
        day = today + timedelta(days=ahead)
        if works_on(day, times) and digest_moment(day, times) > now:
            return digest_moment(day, times)
    return None


def may_disturb(now: datetime, times: Times) -> bool:
    """Whether something may come now: a day of theirs, outside the quiet hours."""
    return works_on(now.astimezone(ZoneInfo(times.zone)).date(), times) and not is_quiet(now, times)


def next_allowed(now: datetime, times: Times) -> datetime:
    """`now` where something may come now, else the first moment after it; `now` too where no
    moment is theirs."""
    if may_disturb(now, times):
        return now
    zone = ZoneInfo(times.zone)
    today = now.astimezone(zone).date()
    starts = sorted({time(), times.quiet[1] if times.quiet else time()})
    for ahead in range(FARTHEST):
        for start in starts:
            local = datetime.combine(today + timedelta(days=ahead), start, zone)
            moment = local.astimezone(ZoneInfo("UTC"))
            if moment > now and may_disturb(moment, times):
                return moment
    return now


def _within(at: time, quiet: tuple[time, time]) -> bool:
    first, last = quiet
    return first <= at < last if first <= last else at >= first or at < last
