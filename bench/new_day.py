"""A new day, from its deduplicated part and from the inbox, until its snapshot."""

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from itertools import batched
from pathlib import Path

from bench.yardstick import AS_OF, DEFINITIONS, Lake, ours

from banso.core.atoms import atoms
from banso.engine.connect import connect, parquet
from banso.engine.received import Lying, Piece, load
from banso.engine.rollup import Rolled, roll

BATCH = 100
_ROW = "source, message, epoch_us(ts), account, person, event, count, properties"


def from_part(told: Lake, rolled: Mapping[Path, Rolled]) -> None:
    """Roll the part of the last day and measure as of it."""
    [part] = told.parts(AS_OF, AS_OF)
    with tempfile.TemporaryDirectory() as folder:
        _measure(told, rolled, [part], Path(folder))


def from_inbox(told: Lake, rolled: Mapping[Path, Rolled], batches: Sequence[bytes]) -> None:
    """Unpack the batches, drop what the neighbouring days hold already, write the part; then the
    same."""
    read = _inbox()[1]
    beside = [*told.parts(AS_OF - timedelta(1), AS_OF - timedelta(1))]
    beside += told.parts(AS_OF + timedelta(1), AS_OF + timedelta(1))
    with tempfile.TemporaryDirectory(dir=told.home) as folder:
        loaded = load(
            map(read, batches),
            zone="UTC",
            folder=told.home,
            lying=lambda days: Lying(beside, []),
            piece=lambda day: Piece(day, day),
            out=lambda piece: Path(folder) / f"{piece.first}.parquet",
        )
        _measure(told, rolled, [each.path for each in loaded.parts.values()], Path(folder))


def inbox(told: Lake, day: date) -> list[bytes]:
    """The events of a day as they wait in the inbox, 100 to a batch, in order of time."""
    pack = _inbox()[0]
    parts = told.parts(day, day)
    with connect(*parts) as connection:
        query = f"select {_ROW} from {parquet(parts)} order by ts"
        rows = connection.execute(query).fetchall()
    return [pack(some) for some in batched(rows, BATCH)]


def _measure(
    told: Lake, rolled: Mapping[Path, Rolled], parts: Sequence[Path], folder: Path
) -> None:
    [old] = told.parts(AS_OF, AS_OF)
    accounts, people = (folder / f"{name}.rolled.parquet" for name in ("accounts", "people"))
    new = roll(parts, atoms(DEFINITIONS.values()), accounts=accounts, people=people)
    ours(told, {**rolled, old: new})


def _inbox() -> tuple[Callable[..., bytes], Callable[[bytes], str]]:
    """How the inbox packs and reads; it lives beside its table."""
    import django
    from django.apps import apps

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "banso.config.settings")
    os.environ.setdefault("BANSO_HOME", tempfile.gettempdir())
    if not apps.ready:
        django.setup()
    from banso.events.inbox import pack, text_of

    return pack, text_of
