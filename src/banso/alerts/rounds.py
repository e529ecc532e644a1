"""Each night: which customers moved on the days since the last look."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import cast

from django.db import transaction

from banso.alerts.history import History, Piece, history
from banso.alerts.models import Alert
from banso.alerts.told import tell
from banso.base.activity import record
from banso.base.pacing import paced
from banso.core.alerts import detect
from banso.core.moves import COOL_DAYS, Found, Kind, Spoken, cooled
from banso.events import lake
from banso.events.models import ExternalId

LENGTH = 450
"""Days of history: a year of rhythm, and before it a season to compare its days with."""
WARM_UP = 63
"""Days before the first one asked that are judged only to know what had begun before."""
CATCH_UP = 7
NEWS_DAYS = 2
"""Of alerts older than that nobody is notified; they stand in the list."""


def notice(as_of: date, days: int = CATCH_UP) -> int:
    """Raise the alerts of the last `days` whole days before `as_of`; returns how many are new.

    A day that was looked at already gives nothing new unless its data came late. Memory is
    bounded by the piece, a transaction by the batch.
    """
    last = as_of - timedelta(days=1)
    if not lake.connected(last):
        return 0
    known = history(last, LENGTH)
    span = range(LENGTH - days - WARM_UP, LENGTH)
    raised = 0
    for piece in known.pieces(len(span)):
        raised += raise_all(fresh(known, piece, span, days), known, piece)
    return raised


def fresh(known: History, piece: Piece, span: range, days: int) -> list[Found]:
    """What was found on the last days and had not been said."""
    found = detect(piece.days, piece.persons, span, piece.health)
    late = [each for each in found if each.day >= span.stop - days]
    return cooled(late, spoken(known, piece)) if late else []


def spoken(known: History, piece: Piece) -> Spoken:
    """What earlier alerts said of these customers, for as long as any kind cools down."""
    since = known.day(known.length - 1 - max(COOL_DAYS.values()))
    rows = Alert.objects.filter(
        engagement__gte=piece.ids[0], engagement__lte=piece.ids[-1], day__gte=since
    )
    place = {each: row for row, each in enumerate(piece.ids)}
    found: dict[tuple[Kind, int], list[tuple[int, int]]] = {}
    for each, kind, day, levels in rows.values_list("engagement_id", "kind", "day", "levels"):
        if each in place:
            found.setdefault((cast("Kind", kind), place[each]), []).append(
                (known.column(day), levels)
            )
    return found


def raise_all(found: Sequence[Found], known: History, piece: Piece) -> int:
    """Write the alerts in short transactions and tell who is to know of the latest."""
    rows = alerts_of(found, known, piece)
    news = known.day(known.length - NEWS_DAYS)
    for batch in paced(rows):
        with transaction.atomic():
            Alert.objects.bulk_create(batch)
            for each in batch:
                record_raised(each)
            tell([each for each in batch if each.day >= news])
    return len(rows)


def record_raised(alert: Alert) -> None:
    detail = {"kind": alert.kind, "day": alert.day.isoformat()}
    ids = {"engagement_id": alert.engagement_id, "subject_id": alert.pk}
    record("alert.raised", actor=None, detail=detail, **ids)


def alerts_of(found: Sequence[Found], known: History, piece: Piece) -> list[Alert]:
    names = [piece.names[each.person] for each in found if each.person >= 0]
    parties = parties_of(names)
    return [
        Alert(
            engagement_id=piece.ids[each.row],
            kind=each.kind,
            day=known.day(each.day),
            levels=each.levels,
            reason=dict(each.reason),
            person_id=parties.get(piece.names[each.person]) if each.person >= 0 else None,
        )
        for each in found
    ]


def parties_of(names: Sequence[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """Who the persons are that sources call so."""
    if not names:
        return {}
    rows = ExternalId.objects.filter(
        kind=ExternalId.Kind.PERSON, value__in={value for _, value in names}
    )
    return {
        (source, value): party
        for source, value, party in rows.values_list("source_id", "value", "party_id")
        if party is not None
    }
