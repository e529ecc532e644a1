"""A lake of a few events behind the events room, for tests of the metrics above it."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from banso.engine.lake import StagedEvent
from banso.engine.relations import AccountRow
from banso.events import lake
from banso.events.models import Source
from tests.engine.events import Lake, files


class Usage:
    """What the events room answers: the parts of `events`, and who `names` are."""

    def __init__(self, place: pytest.MonkeyPatch, home: Path) -> None:
        self.home = home
        self.names: dict[int, str] = {}
        self.days: list[date] = []
        self.parts: list[Path] = []
        for name in ("files", "last_day", "accounts", "connected"):
            place.setattr(lake, name, getattr(self, name))

    def connect(self, names: dict[int, str], events: Iterable[StagedEvent]) -> None:
        """The lake holds exactly these events; engagements go by these names in source 1."""
        Source.objects.get_or_create(pk=1, defaults={"key": Source.FILES, "name": "Files"})
        self.names, told = names, list(events)
        self.home.mkdir(exist_ok=True)
        made = Lake(self.home / f"lake{len(list(self.home.iterdir()))}")
        made.home.mkdir()
        made.stage(*told)
        self.parts = files(made.build(known={1: set(names.values())}))
        self.days = [(each.at + timedelta(hours=9)).date() for each in told]

    def files(self, since: date | None, until: date) -> list[Path]:
        del since, until
        return self.parts

    def last_day(self, until: date) -> date | None:
        return max((day for day in self.days if day <= until), default=None)

    def accounts(
        self, ids: Collection[int] | None = None, as_of: date | None = None
    ) -> list[AccountRow[str]]:
        del as_of
        chosen = {i: n for i, n in self.names.items() if ids is None or i in ids}
        return [AccountRow(str(i), 1, name) for i, name in chosen.items()]

    def connected(self, as_of: date) -> bool:
        return any(day <= as_of for day in self.days)
