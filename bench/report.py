"""The sections of docs/benchmarks.md that `make bench` writes."""

import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"


def write(name: str, tables: Mapping[str, Sequence[str]]) -> None:
    """Put the tables of a section, each below its title, in the place of the last ones."""
    begin, end = f"<!-- {name}: written by make bench -->", f"<!-- {name}: end -->"
    page = PAGE.read_text()
    before, rest = page.split(begin)
    _, after = rest.split(end)
    sections = [f"### {title}\n\n" + "\n".join(rows) for title, rows in tables.items()]
    told = "\n\n".join([begin, *sections, machine(), end])
    PAGE.write_text(f"{before}{told}{after}")


def machine() -> str:
    """Where and with what it was measured."""
    import duckdb
    import pandas as pd

    cpu = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if "model name" in line),
        platform.machine(),
    )
    memory = next((line.split()[1] for line in _lines("/proc/meminfo")), "0")
    load = os.getloadavg()[0]
    return (
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {os.cpu_count()} cores of {cpu}, "
        f"{int(memory) // 2**20} GB, {platform.system()} {platform.release().split('-')[0]}, "
        f"CPython {platform.python_version()}, DuckDB {duckdb.__version__}, pandas "
        f"{pd.__version__}; other work was running (load {load:.1f}), so read the ratios."
    )


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []
