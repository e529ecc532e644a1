"""A copy of the lake for other tools, with a page that explains its columns. What is no Parquet
begins with "_": pandas and Spark, given the whole folder, leave such files alone."""

import csv
from pathlib import Path

from banso.engine.export import export
from banso.engine.received import Piece
from banso.events import manifest, parts
from banso.events.lake import zone
from banso.events.models import LakePart, Source

README = """# Events

One folder per local day ({zone}), `day=YYYY-MM-DD/`, with Parquet files:

| column | type | meaning |
| --- | --- | --- |
| source | integer | the system that told it; see _sources.csv |
| message | text or null | the source's id of the event |
| ts | timestamp | when it happened, UTC, without a zone |
| day | date | its local day; the name of the folder |
| account | text or null | the source's id of the account |
| person | text or null | the source's id of the person |
| event | text | what happened |
| count | integer | how often; the weight of the row |
| properties | text | a JSON object, its keys sorted |

    DuckDB   select day, sum(count) from read_parquet('*/*.parquet', hive_partitioning = true)
             group by day
    Spark    spark.read.parquet("…")
    pandas   pandas.read_parquet("…")
    Polars   polars.scan_parquet("…/*/*.parquet", hive_partitioning=True)
"""


class NotEmpty(Exception):
    """The folder holds something already."""


def export_to(out: Path) -> int:
    """Write all events into the folder, month by month; how many they were. Raises NotEmpty."""
    out = out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    if any(out.iterdir()):
        raise NotEmpty
    found = list(LakePart.objects.order_by("first_day", "id"))
    total = 0
    for first in sorted({part.first_day.replace(day=1) for part in found}):
        total += _month(parts.month(first), found, out)
    (out / "_README.md").write_text(README.format(zone=zone()), encoding="utf-8")
    with (out / "_sources.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = Source.objects.order_by("id").values_list("id", "key", "name")
        csv.writer(stream).writerows([("source", "key", "name"), *rows])
    return total


def _month(month: Piece, found: list[LakePart], out: Path) -> int:
    files = manifest.paths(manifest.near(found, month))
    return export(files, month.first, month.last, out) if files else 0
