"""What sources keep of people beside the lake, and what becomes of it when somebody is erased."""

from collections.abc import Collection, Iterator

from django.db.models import Q

from banso.engine.barred import Id, digest_of
from banso.events.erasing import bar, run_erasure
from banso.events.models import BarredId, Source
from banso.ingest.calls import ANONYMOUS, PACK, UNPACK
from banso.ingest.identities import PERSON, row_of
from banso.ingest.models import Claim, Receipt, Subject, Telling, Tie, Trouble
from banso.ingest.receipts import Line, packed, unpacked


def also_called(ids: Collection[Id]) -> Iterator[Id]:
    """The visitors that these people were, and the people that these visitors are."""
    for source in {source for source, _ in ids}:
        names = [name for of, name in ids if of == source]
        ties = Tie.objects.filter(Q(person__in=names) | Q(visitor__in=names), source=source)
        for pair in ties.values_list("visitor", "person"):
            yield from ((source, name) for name in pair)


def forget(ids: Collection[Id]) -> None:
    """Take them out of what is told, tied, waiting to be settled and shown."""
    for source in {source for source, _ in ids}:
        names = {name for of, name in ids if of == source}
        Subject.objects.filter(source=source, kind=PERSON, value__in=names).delete()
        Tie.objects.filter(Q(person__in=names) | Q(visitor__in=names), source=source).delete()
        Claim.objects.filter(Q(person__in=names) | Q(said__in=names), source=source).delete()
        _unsaid(source, names)
        _unshown(source, names)


def barred_among(source: int, names: Collection[str]) -> set[str]:
    """Those of the names whose people were erased."""
    if not names or not BarredId.objects.exists():
        return set()
    named = {digest_of(source, name): name for name in names}
    found = BarredId.objects.filter(digest__in=list(named)).values_list("digest", flat=True)
    return {named[digest] for digest in found}


def follow(source: Source, visitors: Collection[str]) -> None:
    """Erased people were seen as these visitors; unless somebody else is known to be one of them,
    they go too. Call it in a transaction."""
    ours = [
        each
        for each in sorted(visitors)
        if row_of(source, PERSON, each) is None
        and not Tie.objects.filter(source=source, visitor=each).exists()
        and not barred_among(source.pk, {each})
    ]
    if ours:
        run_erasure.enqueue(uid=bar([(source.pk, each) for each in ours]).uid)


def _unsaid(source: int, names: set[str]) -> None:
    for telling in Telling.objects.filter(source=source):
        calls = UNPACK(bytes(telling.calls))
        stay = [each for each in calls if not each.people & names]
        if len(stay) < len(calls):
            telling.calls = PACK(stay)
            telling.save(update_fields=["calls"])


def _unshown(source: int, names: Collection[str]) -> None:
    """Of their calls the debugger knows the kind and the moment; samples that name them go."""
    for receipt in Receipt.objects.filter(source=source):
        lines = unpacked(bytes(receipt.lines))
        shown = [_nameless(each) if _names(each, names) else each for each in lines]
        troubles = {
            code: [times, "" if _tells(sample, names) else sample]
            for code, (times, sample) in receipt.troubles.items()
        }
        if shown != lines or troubles != receipt.troubles:
            receipt.lines, receipt.troubles = packed(shown), troubles
            receipt.save(update_fields=["lines", "troubles"])
    for trouble in Trouble.objects.filter(source=source).exclude(sample=""):
        if _tells(trouble.sample, names):
            Trouble.objects.filter(pk=trouble.pk).update(sample="")


def _nameless(line: Line) -> Line:
    return Line(kind=line.kind, at=line.at, code=line.code, field=line.field)


def _names(line: Line, names: Collection[str]) -> bool:
    return line.person in names or _tells(line.sample, names)


def _tells(sample: str, names: Collection[str]) -> bool:
    """A visitor stands in a call without the word in front of it."""
    return any(name.removeprefix(ANONYMOUS) in sample for name in names)
