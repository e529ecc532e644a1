"""Translations: one catalogue per room, kept as text, compiled where the product runs.

    python -m banso.config.catalogs compile             # .po to .mo, only where stale
    python -m banso.config.catalogs update [room ...]   # new sentences in, unused ones out
    python -m banso.config.catalogs check [room ...]    # what is missing; 1 if anything is

English is the language of the source, so only the others have catalogues. Needs no gettext.
"""

import re
import sys
import tokenize
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[1]
LANGUAGE = "ja"
CATALOGUE = Path("locale", LANGUAGE, "LC_MESSAGES", "django.po")

SINGULAR: dict[str, tuple[int, ...] | None] = dict.fromkeys(
    ("_", "gettext", "gettext_lazy", "gettext_noop")
)
PLURAL: dict[str, tuple[int, ...]] = dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2))
CONTEXT = dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2))
CONTEXT_PLURAL = dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3))
KEYWORDS = SINGULAR | PLURAL | CONTEXT | CONTEXT_PLURAL
CALL = re.compile(
    r"""\b(?:n?p?gettext|_)\(\s*(?:u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")[,\s]*)+(?:count)?\s*\)"""
)
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%[sd]")

SAME_IN_BOTH = frozenset(
    {"API", "AUC", "Banso", "CSV", "Excel", "English", "GRR", "ID", "NPS", "NRR", "Parquet"}
    | {"PostgreSQL", "SMTP", "URL", "UTC", "XLSX"}
)


@dataclass(frozen=True)
class Fault:
    """What is wrong with one sentence of a room's catalogue."""

    room: str
    kind: str
    msgid: str

    def __str__(self) -> str:
        return f"{self.room}: {self.kind}: {self.msgid}"


def main(arguments: list[str]) -> int:
    match arguments:
        case ["compile"]:
            return report(f"compiled {path}" for path in compiled())
        case ["update", *names]:
            return report(f"updated {path}" for path in updated(names))
        case ["check", *names]:
            faults = [str(fault) for fault in checked(names)]
            report(faults)
            return 1 if faults else 0
    sys.stderr.write(f"{__doc__}\n")
    return 2


def report(lines: Iterable[str]) -> int:
    for line in lines:
        sys.stdout.write(f"{line}\n")
    return 0


def compiled(package: Path = PACKAGE) -> Iterator[Path]:
    """Write the .mo of every catalogue that is newer than it; yields what was written."""
    for source in sorted(package.glob(f"*/{CATALOGUE}")):
        binary = source.with_suffix(".mo")
        if binary.exists() and binary.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        content = BytesIO()
        write_mo(content, load(source))
        aside = binary.with_suffix(".mo.new")
        aside.write_bytes(content.getvalue())
        aside.replace(binary)
        yield binary


def updated(names: Collection[str] = (), package: Path = PACKAGE) -> Iterator[Path]:
    """Bring the rooms' catalogues (none named: all) in line with the source; yields changes."""
    for room in rooms(names, package):
        path = room / CATALOGUE
        found = extracted(room)
        if not found and not path.exists():
            continue
        text = dumped(merged(found, load(path)))
        if path.exists() and path.read_text("utf-8") == text:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        yield path


def checked(names: Collection[str] = (), package: Path = PACKAGE) -> Iterator[Fault]:
    """Every sentence that is not, or not rightly, translated."""
    for room in rooms(names, package):
        wanted = {key(message) for message in extracted(room)}
        held = {key(message): message for message in load(room / CATALOGUE) if message.id}
        yield from (Fault(room.name, "missing", each[1]) for each in sorted(wanted - held.keys()))
        yield from (Fault(room.name, "unused", each[1]) for each in sorted(held.keys() - wanted))
        for each in sorted(held.keys() & wanted):
            kind = fault_of(held[each])
            if kind:
                yield Fault(room.name, kind, each[1])
    yield from disagreements(package)


def disagreements(package: Path) -> Iterator[Fault]:
    """Sentences that two rooms translate differently: only one of the two would be spoken."""
    spoken: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {}
    for room in rooms((), package):
        for message in load(room / CATALOGUE):
            texts = forms(message.string)
            if not message.id or not all(texts):
                continue
            first, earlier = spoken.setdefault(key(message), (room.name, texts))
            if texts != earlier:
                yield Fault(room.name, f"differs from {first}", key(message)[1])


def fault_of(message: Message) -> str | None:
    """What is wrong with a translation, if anything."""
    singular, *plural = forms(message.id)
    texts = forms(message.string)
    if message.fuzzy:
        return "fuzzy"
    if not all(texts):
        return "empty"
    if any(text == singular and not sayable_in_both(text) for text in texts):
        return "same as English"
    allowed = set(PLACEHOLDER.findall(" ".join([singular, *plural])))
    if any(set(PLACEHOLDER.findall(text)) - allowed for text in texts):
        return "unknown placeholder"
    return None


def sayable_in_both(text: str) -> bool:
    """Names and abbreviations are the same in both languages; so is what has no letters."""
    words = re.findall(r"[A-Za-z]+", PLACEHOLDER.sub("", text))
    return all(word in SAME_IN_BOTH for word in words)


def rooms(names: Collection[str], package: Path) -> list[Path]:
    found = sorted(path.parent for path in package.glob("*/__init__.py"))
    return [room for room in found if not names or room.name in names]


def extracted(room: Path) -> list[Message]:
    """Every translatable sentence of a room, each once, in order of its English."""
    found: dict[tuple[str, str], Message] = {}
    for path in sorted([*room.rglob("*.py"), *template_files(room)]):
        for message in sentences(path):
            known = found.get(key(message))
            if known is None or len(forms(message.id)) > len(forms(known.id)):
                found[key(message)] = message
    return [found[each] for each in sorted(found, key=lambda pair: (pair[1], pair[0]))]


def template_files(room: Path) -> Iterator[Path]:
    for suffix in ("*.html", "*.txt"):
        yield from (room / "templates").rglob(suffix)


def sentences(path: Path) -> Iterator[Message]:
    if path.suffix == ".py":
        return calls(path.read_bytes())
    program = templatize(path.read_text("utf-8"), origin=str(path))
    found = (match[0].replace(",count", ", count") for match in CALL.finditer(program))
    return calls("\n".join(found).encode())


def calls(source: bytes) -> Iterator[Message]:
    """The gettext calls of a Python source."""
    try:
        for _, function, texts, _ in extract_python(BytesIO(source), KEYWORDS, [], {}):
            message = as_message(function, texts)
            if message is not None:
                yield message
    except tokenize.TokenError as error:
        raise SyntaxError(str(error)) from error


def as_message(function: str, texts: object) -> Message | None:
    """None where the call's sentence is not written out in it."""
    parts = list(texts) if isinstance(texts, tuple | list) else [texts]
    context = parts.pop(0) if "pgettext" in function else None
    wanted = 2 if function.startswith("n") else 1
    given = [part for part in parts[:wanted] if isinstance(part, str) and part]
    if len(given) < wanted:
        return None
    return Message(tuple(given) if wanted == 2 else given[0], context=context)


def key(message: Message) -> tuple[str, str]:
    return (message.context or "", forms(message.id)[0])


def forms(text: object) -> tuple[str, ...]:
    """A sentence's singular and, where it has one, plural."""
    return (text,) if isinstance(text, str) else tuple(text or ("",))  # type: ignore[arg-type]


def load(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale=LANGUAGE)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def merged(found: Iterable[Message], before: Catalog) -> Catalog:
    """The sentences found, with the translations they had."""
    kept = {key(message): message for message in before if message.id}
    catalogue = Catalog(locale=LANGUAGE)
    for message in found:
        old = kept.get(key(message))
        string = forms(old.string)[0] if old else ""
        plural = len(forms(message.id)) == 2
        flags = {flag for flag in (old.flags if old else ()) if flag == "fuzzy"}
        catalogue.add(
            message.id, (string,) if plural else string, context=message.context, flags=flags
        )
    return catalogue


def dumped(catalogue: Catalog) -> str:
    """The catalogue as text without dates, names or line numbers, so that changes stay small."""
    content = BytesIO()
    write_po(content, catalogue, omit_header=True, sort_output=True, width=100)
    header = (
        'msgid ""\nmsgstr ""\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Language: {LANGUAGE}\\n"\n'
        '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    )
    return header + content.getvalue().decode().strip() + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
