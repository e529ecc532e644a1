"""The events of the drill: everything of one follows from its number and its moment."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ACCOUNTS = [f"a{number}" for number in range(6)]
NAMES = ("Open", "Work")
AGES = [timedelta(0)] * 6 + [timedelta(1), timedelta(1), timedelta(3), timedelta(45)]
"""How far back events happened: most today, some late, some in a month that is over."""
ZONE = ZoneInfo("Asia/Tokyo")
SHARED = 40
DAY = timedelta(days=1)


def account(number: int) -> str:
    return ACCOUNTS[number // 2 % len(ACCOUNTS)]


def name(number: int) -> str:
    return NAMES[number % 2]


def person(number: int) -> str:
    """Everybody opens once, so people and events must be as many; some work together."""
    return f"o{number}" if name(number) == "Open" else f"w{number // SHARED}"


def message(number: int) -> str:
    return f"m{number}"


def number_of(message: str) -> int:
    return int(message[1:])


def local_day(at: datetime) -> date:
    return at.astimezone(ZONE).date()


def call(number: int, at: datetime) -> Mapping[str, object]:
    """The event as an SDK sends it. `one` is 1, so that its sum is the number of events."""
    return {
        "type": "track",
        "event": name(number),
        "messageId": message(number),
        "userId": person(number),
        "timestamp": at.isoformat(),
        "context": {"groupId": account(number)},
        "properties": {"one": 1, "part": f"part {number % 3}"},
    }


def now() -> datetime:
    return datetime.now(UTC)
