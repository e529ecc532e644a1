"""The metrics to begin with, from what is connected: offered, never forced."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from django.utils.text import slugify

from banso.actions.models import Contact
from banso.base.workspace import day_end
from banso.core.metrics import (
    ActiveDays,
    Count,
    DaysSince,
    DistinctPeople,
    Ratio,
    Seats,
    Stream,
)
from banso.engagements.values import seats
from banso.engine.discover import EventName
from banso.events import lake
from banso.events.notes import hidden_events, hidden_properties
from banso.metrics.names import names_by
from banso.metrics.sheet import MetricSheet
from banso.metrics.starter_kinds import by_kind
from banso.metrics.suggestion import Suggestion

TELLING = 3
CHANGE_DAYS = 56
"""Whole weeks, so that both stretches weigh alike; long enough to even out a month's wander."""


def suggestions(as_of: date, *, with_telling: bool = True) -> list[Suggestion]:
    """What can be measured from the contacts, events and seats known on `as_of`;
    `with_telling` adds the few event names that tell most."""
    spoken = Contact.objects.filter(occurred_at__lt=day_end(as_of)).exists()
    found = [days_since_contact()] if spoken else []
    if not lake.connected(as_of):
        return found
    names = event_names(as_of)
    last = min(as_of, max((name.last_day for name in names), default=as_of))
    with_people = any(name.people for name in names)
    found += [days_since_event(), events(), active_days(), usage_change()]
    found += [active_people(), people_change()] if with_people else []
    found += [active_seat_share()] if with_people and seats(last) else []
    return found + (list(telling(names)) if with_telling else [])


def offers(as_of: date) -> list[Suggestion]:
    """All that can be offered: the first set, and what the kinds of events found can tell."""
    found = suggestions(as_of)
    if not lake.connected(as_of):
        return found
    names = event_names(as_of)
    last = min(as_of, max((name.last_day for name in names), default=as_of))
    return [*found, *by_kind(names, seats=bool(seats(last)))]


def event_names(as_of: date, stream: Stream = "events") -> list[EventName]:
    """The names of the stream's events of the last half year with data by `as_of`, the most
    frequent first; neither events nor properties that somebody has hidden."""
    found, hidden = names_by(as_of, stream), hidden_events(stream)
    known = [name for name in found if name.first_day <= as_of and name.name not in hidden]
    return without(known, hidden_properties(stream))


def without(names: list[EventName], hidden: set[tuple[str, str]]) -> list[EventName]:
    """The events without these of their properties."""
    if not hidden:
        return names
    return [
        replace(each, properties={p: k for p, k in told if (each.name, p) not in hidden})
        for each in names
        for told in [each.properties.items()]
    ]


def telling(names: Sequence[EventName]) -> Iterator[Suggestion]:
    """Of several event names, the few that most people take part in, each on its own."""
    if len(names) < 2:
        return
    for name in sorted(names, key=lambda each: (-each.people, -each.rows, each.name))[:TELLING]:
        yield Suggestion(
            f"{event_slug(name.name)}-28",
            MetricSheet(
                {"ja": f"{name.name}(28日)", "en": f"{name.name} (28 days)"},
                {
                    "ja": f"過去28日間に「{name.name}」が行われた回数です。",
                    "en": f"How often “{name.name}” happened in the last 28 days.",
                },
                "times",
                True,
                Count(name.name, 28),
            ),
        )


def event_slug(name: str) -> str:
    """A stable address for an event name in any script."""
    plain = slugify(name)[:60]
    if plain and plain == name.lower().replace(" ", "-"):
        return plain
    return f"{plain or 'event'}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def days_since_contact() -> Suggestion:
    return Suggestion(
        "days-since-contact",
        MetricSheet(
            {"ja": "最後の接点からの日数", "en": "Days since contact"},
            {
                "ja": "最後にお話ししてから何日たったかです。",
                "en": "How many days ago anyone last spoke with them.",
            },
            "days",
            False,
            DaysSince(None, 180, "contacts"),
        ),
    )


def days_since_event() -> Suggestion:
    return Suggestion(
        "days-since-event",
        MetricSheet(
            {"ja": "最後の利用からの日数", "en": "Days since last use"},
            {
                "ja": "どなたかが最後に利用してから何日たったかです。",
                "en": "How many days ago anyone there last used the product.",
            },
            "days",
            False,
            DaysSince(None, 90),
        ),
    )


def events() -> Suggestion:
    return Suggestion(
        "events-28",
        MetricSheet(
            {"ja": "利用回数(28日)", "en": "Uses (28 days)"},
            {
                "ja": "過去28日間に記録された利用の回数です。",
                "en": "How much was done in the product in the last 28 days.",
            },
            "times",
            True,
            Count(None, 28),
        ),
    )


def active_days() -> Suggestion:
    return Suggestion(
        "active-days-28",
        MetricSheet(
            {"ja": "利用日数(28日)", "en": "Active days (28 days)"},
            {
                "ja": "過去28日間のうち、どなたかが利用した日の数です。",
                "en": "On how many of the last 28 days anyone there used the product.",
            },
            "days",
            True,
            ActiveDays(None, 28),
        ),
    )


def active_people() -> Suggestion:
    return Suggestion(
        "active-people-28",
        MetricSheet(
            {"ja": "利用人数(28日)", "en": "Active people (28 days)"},
            {
                "ja": "過去28日間に一度でも利用した人の数です。",
                "en": "How many different people used the product in the last 28 days.",
            },
            "people",
            True,
            DistinctPeople(None, 28),
        ),
    )


def active_seat_share() -> Suggestion:
    return Suggestion(
        "active-seat-share-28",
        MetricSheet(
            {"ja": "席の利用率(28日)", "en": "Active share of seats (28 days)"},
            {
                "ja": "契約した席のうち、過去28日間に利用された割合です。",
                "en": "The share of the contracted seats whose people used the product in 28 days.",
            },
            "percent",
            True,
            Ratio(DistinctPeople(None, 28), Seats()),
        ),
    )


def usage_change() -> Suggestion:
    return Suggestion(
        "usage-change-56",
        MetricSheet(
            {"ja": "利用の変化(前の8週間比)", "en": "Change in use (8 weeks)"},
            {
                "ja": "直近8週間の利用回数が、その前の8週間の何％にあたるかです。100％で同じです。",
                "en": "Uses in the last eight weeks as a share of the eight weeks before;"
                " 100% is unchanged.",
            },
            "percent",
            True,
            Ratio(Count(None, CHANGE_DAYS), Count(None, CHANGE_DAYS, CHANGE_DAYS)),
        ),
    )


def people_change() -> Suggestion:
    return Suggestion(
        "people-change-56",
        MetricSheet(
            {"ja": "利用人数の変化(前の8週間比)", "en": "Change in active people (8 weeks)"},
            {
                "ja": "直近8週間に利用した人の数が、その前の8週間の何％にあたるかです。"
                "100％で同じです。",
                "en": "People who used the product in the last eight weeks as a share of those"
                " in the eight weeks before; 100% is unchanged.",
            },
            "percent",
            True,
            Ratio(
                DistinctPeople(None, CHANGE_DAYS), DistinctPeople(None, CHANGE_DAYS, CHANGE_DAYS)
            ),
        ),
    )
