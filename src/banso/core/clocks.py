"""When something happened, told by a clock that may be wrong. The rule is written down in
docs/methods/clocks.md."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

NOISE = timedelta(minutes=2)
OLDEST = timedelta(days=3653)
MILLISECONDS_FROM = 1e11
LARGEST = 1e14


@dataclass(frozen=True)
class Moment:
    """A time in UTC and, where it was not taken as it was told, why: `shifted` by the fault of
    the sender's clock, or put to the time of receipt because it lay `ahead` or `too_old`."""

    at: datetime
    why: str = ""


class NoTime(ValueError):
    """What should be a time cannot be read as one."""


def happened(*, told: datetime | None, sent: datetime | None, received: datetime) -> Moment:
    """When an event happened that says `told`, in a request whose sender's clock said `sent`."""
    if told is None:
        return Moment(received)
    fault = received - sent if sent else timedelta(0)
    shifted = abs(fault) > NOISE
    at = told + fault if shifted and within(told, fault) else told
    if at > received:
        return Moment(received, "ahead" if at - received > NOISE else "")
    if at < received - OLDEST:
        return Moment(received, "too_old")
    return Moment(at, "shifted" if shifted else "")


def within(told: datetime, fault: timedelta) -> bool:
    """Whether the sum is a date that a calendar knows."""
    try:
        told + fault
    except OverflowError:
        return False
    return True


def read_time(value: object) -> datetime | None:
    """An ISO 8601 text or seconds (or milliseconds) since 1970, in UTC; without a zone it is UTC.
    None for nothing; raises NoTime for anything else."""
    if value is None or value == "":
        return None
    try:
        if isinstance(value, str):
            return in_utc(datetime.fromisoformat(value.strip()))
        if isinstance(value, int | float) and not isinstance(value, bool):
            return since_1970(float(value))
    except (ValueError, OverflowError, OSError):
        pass
    raise NoTime


def in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def since_1970(seconds: float) -> datetime:
    if not abs(seconds) < LARGEST:
        raise NoTime
    whole = seconds / 1000 if abs(seconds) >= MILLISECONDS_FROM else seconds
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=whole)
