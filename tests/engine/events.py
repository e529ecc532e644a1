"""Small lakes for tests: events told in a line each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from banso.engine.lake import PartResult, StagedEvent, build_parts, staged_months, write_staged

TOKYO = "Asia/Tokyo"


def event(at: str, account: str = "acme", name: str = "login", **fields: object) -> StagedEvent:
    """An event at an ISO time (UTC unless it says otherwise) of source 1, import 1."""
    moment = datetime.fromisoformat(at)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    plain = StagedEvent(1, 1, 0, None, aware, account, "p1", name, 1, {})
    return replace(plain, **fields)  # type: ignore[arg-type]


class Lake:
    """The staged imports and the parts of one small lake in a directory."""

    def __init__(self, home: Path, zone: str = TOKYO) -> None:
        self.home = home
        self.zone = zone
        self.staged: list[Path] = []

    def stage(self, *events: StagedEvent) -> Path:
        """Stage one more import; its lines count from 1."""
        number = len(list(self.home.glob("import-*"))) + 1
        path = self.home / f"import-{number}.parquet"
        write_staged(
            (replace(e, import_id=number, line=line) for line, e in enumerate(events, start=1)),
            path,
        )
        self.staged.append(path)
        return path

    def part(self, month: date) -> Path:
        return self.home / f"part-{month}.parquet"

    def build(
        self, known: Mapping[int, Iterable[str]] | None = None, months: Sequence[date] | None = None
    ) -> list[PartResult]:
        """Build the given months, else all."""
        every = {m for path in self.staged for m in staged_months(path, zone=self.zone)}
        accounts = {s: set(a) for s, a in (known or {1: ["acme"]}).items()}
        return list(
            build_parts(
                self.staged,
                sorted(every) if months is None else months,
                zone=self.zone,
                known_accounts=accounts,
                out=self.part,
            )
        )


def files(results: Iterable[PartResult]) -> list[Path]:
    return [r.path for r in results if r.path]
