"""The calls of one request, the good apart from the bad."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec import Raw

from banso.ingest.calls import Bad, Reader, Seen
from banso.ingest.receipts import Line

SAMPLE = 300


@dataclass
class Batch:
    """What was read. `lines` has one for each call, in order; `troubles` is, by code and field,
    how many were refused and the first of them."""

    seen: list[Seen] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    troubles: dict[str, tuple[int, str]] = field(default_factory=dict)


def batch_of(calls: Sequence[Raw], reader: Reader) -> Batch:
    batch = Batch()
    for raw in calls:
        try:
            seen = reader.read(raw)
        except Bad as bad:
            refuse(batch, bad, raw)
        else:
            batch.seen.append(seen)
            batch.lines.append(line_of(seen))
    return batch


def refuse(batch: Batch, bad: Bad, raw: Raw) -> None:
    sample = bytes(memoryview(raw)[: 4 * SAMPLE]).decode(errors="replace")[:SAMPLE]
    name = f"{bad.code}:{bad.field}"
    times, first = batch.troubles.get(name, (0, sample))
    batch.troubles[name] = (times + 1, first)
    batch.lines.append(Line(code=bad.code, field=bad.field, sample=sample))


def line_of(seen: Seen) -> Line:
    return Line(
        kind=seen.kind,
        name=seen.event,
        message=seen.message,
        person=seen.person or "",
        account=seen.account or "",
        at=seen.at,
        note=seen.note,
    )
