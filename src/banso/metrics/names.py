"""The event names of the lake: kept with the rollups of each part, and put together when asked."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from banso.core.metrics import Stream
from banso.engine.discover import EventName, discover, dump, load, merged
from banso.events import lake
from banso.metrics.models import Rollup

HALF_A_YEAR = timedelta(days=184)
STREAMS: tuple[Stream, ...] = ("events", "acts")
type Names = Mapping[str, list[dict[str, Any]]]


def names_by(as_of: date, stream: Stream) -> list[EventName]:
    """The names of a stream's events of the last half year with data by `as_of`, the most
    frequent first."""
    last = lake.last_day(as_of)
    if last is None:
        return []
    files = lake.files(min(last, as_of) - HALF_A_YEAR, as_of)
    return list(_together(tuple(files[::-1]), stream, lake.own_source()))


def names_in(path: Path) -> Names:
    """Those of one part, by stream, as its rollups keep them."""
    own = lake.own_source()
    return {stream: dump(_alone(path, stream, own)) for stream in STREAMS}


@lru_cache(maxsize=8)
def _together(files: tuple[Path, ...], stream: Stream, own: int | None) -> tuple[EventName, ...]:
    """A part never changes once it has its name, so what was found in it stays true."""
    known = _kept(files, stream)
    found = (known[p] if p in known else _alone(p, stream, own) for p in files)
    return tuple(merged(found))


def _kept(files: Iterable[Path], stream: Stream) -> dict[Path, list[EventName]]:
    rows = Rollup.objects.exclude(part=None).exclude(names={})
    wanted, home = set(files), lake.folder()
    return {
        home / path: load(names[stream])
        for path, names in rows.values_list("part__path", "names").iterator()
        if home / path in wanted
    }


@lru_cache(maxsize=256)
def _alone(path: Path, stream: Stream, own: int | None) -> list[EventName]:
    """Of a part that came since rollups were last kept."""
    return discover([path], stream, own)
