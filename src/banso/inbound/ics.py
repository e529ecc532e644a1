"""Reading a calendar feed: the meetings in a span of time, as far as they are ours to know.

Private, all-day and declined events never leave this module.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

LONGEST_TITLE = 500
MOST = 5_000
TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
HIDDEN = frozenset({"PRIVATE", "CONFIDENTIAL"})


class Unreadable(Exception):
    """The text is not a calendar."""


@dataclass(frozen=True)
class Guest:
    """Somebody invited; the address is in lower case."""

    name: str
    email: str


@dataclass(frozen=True)
class Meeting:
    """One meeting. `key` names this occurrence, `series` the event it belongs to."""

    key: str
    series: str
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str
    guests: tuple[Guest, ...]
    cancelled: bool


def meetings(
    text: bytes, *, since: datetime, until: datetime, own: frozenset[str], zone: str
) -> list[Meeting]:
    """The meetings between two moments, cancelled ones marked; those that one of the `own`
    addresses declined are left out. Times without a zone are of `zone`. Raises Unreadable."""
    calendar = _calendar(text)
    found: list[Meeting] = []
    for event in _occurrences(calendar, since, until):
        try:
            meeting = _meeting(event, own, zone)
        except (ValueError, TypeError, AttributeError, KeyError, OverflowError):
            continue  # one event that cannot be read hides no other
        if meeting and since <= meeting.starts_at < until:
            found.append(meeting)
    return found[:MOST]


def series_in(text: bytes) -> set[str]:
    """The names of all events that the feed speaks of. Raises Unreadable."""
    return {digest(str(event.get("UID", ""))) for event in _calendar(text).walk("VEVENT")}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _calendar(text: bytes) -> Any:
    """The feed without the events that cannot be read: one hides no other."""
    from icalendar import Calendar

    try:
        found = Calendar.from_ical(text)
    except Exception as error:  # whatever a stranger's text makes the library raise
        raise Unreadable from error
    if found.name != "VCALENDAR":
        raise Unreadable
    found.subcomponents = [each for each in found.subcomponents if _usable(each)]
    return found


def _usable(component: Any) -> bool:
    """Whether an event says when it begins, in a rule that has an end to its expanding: what
    repeats within a day is no meeting."""
    if component.name != "VEVENT":
        return True
    try:
        rules = component.get("RRULE") or []
        rules = rules if isinstance(rules, list) else [rules]
        freq = {str(word).upper() for rule in rules for word in rule.get("FREQ", [])}
        return isinstance(component.decoded("DTSTART"), date) and not freq & TOO_OFTEN
    except Exception:  # a property the library calls broken
        return False


def _occurrences(calendar: Any, since: datetime, until: datetime) -> list[Any]:
    import recurring_ical_events

    query = recurring_ical_events.of(calendar, skip_bad_series=True)
    try:
        return list(query.between(since, until))
    except Exception as error:  # as above: a series that cannot be expanded
        raise Unreadable from error


def _meeting(event: Any, own: frozenset[str], zone: str) -> Meeting | None:
    starts = event.decoded("DTSTART")
    if not isinstance(starts, datetime) or str(event.get("CLASS", "")).upper() in HIDDEN:
        return None
    invited = list(_invited(event))
    if any(guest.email in own and answer == "DECLINED" for guest, answer in invited):
        return None
    ends = event.end if isinstance(event.end, datetime) else starts
    series = str(event.get("UID", ""))
    slot = event.get("RECURRENCE-ID")
    occurrence = _aware(slot.dt, zone).isoformat() if slot is not None else ""
    return Meeting(
        key=digest(f"{series}\n{occurrence}"),
        series=digest(series),
        starts_at=_aware(starts, zone),
        ends_at=_aware(ends, zone),
        title=_words(event, "SUMMARY"),
        place=_words(event, "LOCATION"),
        guests=tuple({g.email: g for g, answer in invited if answer != "DECLINED"}.values()),
        cancelled=str(event.get("STATUS", "")).upper() == "CANCELLED",
    )


def _invited(event: Any) -> Iterator[tuple[Guest, str]]:
    """Who was invited, the organizer among them, with their answer."""
    found = event.get("ATTENDEE", [])
    organizer = event.get("ORGANIZER")
    for each in [*(found if isinstance(found, list) else [found]), organizer]:
        if each is None:
            continue
        words: Mapping[str, Any] = getattr(each, "params", {})
        email = str(each).strip()
        email = email[7:] if email.lower().startswith("mailto:") else email
        if "@" in email and str(words.get("CUTYPE", "INDIVIDUAL")).upper() in ("INDIVIDUAL", ""):
            name = str(words.get("CN", "")).strip().strip('"')
            own_name = "" if "@" in name else name[:200]
            yield Guest(own_name, email.lower()[:254]), str(words.get("PARTSTAT", "")).upper()


def _aware(moment: date, zone: str) -> datetime:
    """The moment in UTC; of a day its beginning."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def _words(event: Any, name: str) -> str:
    return " ".join(str(event.get(name, "")).replace("\x00", "").split())[:LONGEST_TITLE]
