"""The calls of one request, the good apart from the bad."""

from collections.abc import Callable, Collection, Sequence, Set
from dataclasses import dataclass, field

from msgspec import Raw

from banso.ingest.calls import Bad, Reader, Seen
from banso.ingest.receipts import Line

SAMPLE = 300

type Among = Callable[[Collection[str]], Set[str]]


def nobody(_names: Collection[str]) -> Set[str]:
    return frozenset()


@dataclass
class Batch:
    """What was read. `lines` has one for each call, in order; `troubles` is, by code and field,
    how many were refused and the first of them; `visitors` who erased people were as well."""

    seen: list[Seen] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    troubles: dict[str, tuple[int, str]] = field(default_factory=dict)
    visitors: set[str] = field(default_factory=set)


def batch_of(calls: Sequence[Raw], reader: Reader, erased: Among = nobody) -> Batch:
    """`erased` says which of some names are of people who were erased."""
    batch = Batch()
    read = [attempt(reader, raw) for raw in calls]
    good = [each for each in read if isinstance(each, Seen)]
    gone = erased({name for each in good for name in each.people})
    for raw, each in zip(calls, read, strict=True):
        if isinstance(each, Bad):
            refuse(batch, each, sample_of(raw))
        elif each.people & gone:
            refuse(batch, Bad("erased"), "")
            if each.anonymous and each.anonymous != each.person:
                batch.visitors.add(each.anonymous)
        else:
            batch.seen.append(each)
            batch.lines.append(line_of(each))
    return batch


def attempt(reader: Reader, raw: Raw) -> Seen | Bad:
    try:
        return reader.read(raw)
    except Bad as bad:
        return bad


def sample_of(raw: Raw) -> str:
    return bytes(memoryview(raw)[: 4 * SAMPLE]).decode(errors="replace")[:SAMPLE]


def refuse(batch: Batch, bad: Bad, sample: str) -> None:
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
