"""Somebody who keeps reading: measurements, a question of Explore, a value opened to its events,
and the lake's files with nothing but DuckDB. Tells each answer as a line of JSON.

    python -m bench.drill.reader SECONDS_BETWEEN
"""

import json
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from bench.drill import events
from bench.drill.company import definitions


def main(pause: float) -> None:
    import django

    django.setup()
    going = [True]
    signal.signal(signal.SIGTERM, lambda *_: going.clear())
    kinds: dict[str, Callable[[], Any]] = {
        "lake": lake,
        "snapshot": snapshot,
        "explore": explore,
        "explain": explain,
    }
    print(json.dumps("ready"), flush=True)
    while going:
        for kind, read in kinds.items():
            tell(kind, read)
            time.sleep(pause)


def tell(kind: str, read: Callable[[], Any]) -> None:
    told: dict[str, Any] = {"kind": kind, "began": time.monotonic()}
    try:
        told["answer"] = read()
    except Exception as error:
        told["error"] = f"{type(error).__name__}: {error}"
    told["ended"] = time.monotonic()
    print(json.dumps(told), flush=True)


def lake() -> dict[str, Any]:
    """How many rows, and of which events: a bit for each, in hexadecimal digits."""
    import duckdb

    from banso.events import lake
    from banso.events.models import LakePart, Source

    paths = [str(lake.folder() / path) for path in LakePart.objects.values_list("path", flat=True)]
    if not paths:
        return {"rows": 0, "bits": "0"}
    product = Source.objects.exclude(key=Source.BANSO).get().pk
    with duckdb.connect(config={"threads": 1}) as connection:
        found = connection.execute(
            "select message from read_parquet($paths) where source = $source",
            {"paths": paths, "source": product},
        ).fetchall()
    numbers = [events.number_of(message) for (message,) in found]
    bits = bytearray(max(numbers, default=0) // 8 + 1)
    for number in numbers:
        bits[number // 8] |= 1 << number % 8
    return {"rows": len(numbers), "bits": bits[::-1].hex()}


def snapshot() -> dict[str, dict[str, float | None]]:
    """The values of all metrics by account."""
    from banso.base.workspace import local_today
    from banso.events.models import ExternalId
    from banso.metrics import values

    named = dict(ExternalId.objects.filter(kind="account").values_list("engagement", "value"))
    found = values.snapshot(list(definitions()), local_today())
    return {named[each]: told for each, told in found.items()}


def explore() -> dict[str, float]:
    """How often anything happened, as a whole, and as the sum of its parts."""
    from datetime import timedelta

    from banso.base.models import User
    from banso.base.workspace import local_today
    from banso.core.periods import periods
    from banso.explore.answers import Asked, answer_of
    from banso.explore.splits import PROPERTY
    from banso.explore.subjects import EVENT, Subject

    today = local_today()
    asked = Asked(
        Subject(EVENT),
        "count",
        "week",
        periods("week", today - timedelta(days=80), today, today=today),
        split=f"{PROPERTY}part",
    )
    answer = answer_of(asked, User.objects.get())
    parts = [*answer.parts.values(), answer.rest]
    whole = sum(answer.whole.values())
    return {"whole": whole, "parts": sum(sum(part.values()) for part in parts)}


_turn = [0]


def explain() -> dict[str, Any]:
    """One value with the events it rests on."""
    from banso.base.workspace import local_today
    from banso.events.models import ExternalId
    from banso.metrics import values
    from banso.metrics.models import Metric

    _turn[0] += 1
    name = events.ACCOUNTS[_turn[0] % len(events.ACCOUNTS)]
    key = ("opens", "openers", "hours")[_turn[0] % 3]
    account = ExternalId.objects.get(kind="account", value=name)
    told = values.explain(account.engagement, Metric.objects.get(key=key), local_today())
    return {
        "account": name,
        "metric": key,
        "value": told.value,
        "recomputed": told.recomputed,
        "events": len(told.occurrences),
    }


if __name__ == "__main__":
    main(float(sys.argv[1]))
