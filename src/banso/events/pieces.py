"""In which pieces received events are kept: days, and months once they are over."""

from collections.abc import Callable
from datetime import date, timedelta

from banso.base.workspace import local_today
from banso.engine.received import Piece
from banso.events.parts import month

SETTLES = timedelta(days=2)
"""So long after its end a month still takes events day by day."""


def pieces(today: date | None = None) -> Callable[[date], Piece]:
    """To which piece a day belongs, seen from `today`: its month if that is over, else the day."""
    now = today or local_today()

    def piece(day: date) -> Piece:
        whole = month(day.replace(day=1))
        return whole if whole.last + SETTLES < now else Piece(day, day)

    return piece
