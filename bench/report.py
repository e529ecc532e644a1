"""The section of docs/benchmarks.md that `make bench` writes."""

import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- engine: written by make bench -->", "<!-- engine: end -->"


def write(tables: Mapping[str, Sequence[str]]) -> None:
    """Put the tables, each below its title, in the place of the last ones."""
    page = PAGE.read_text()
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    sections = [f"### {title}\n\n" + "\n".join(rows) for title, rows in tables.items()]
    told = "\n\n".join([BEGIN, *sections, machine(), END])
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
