"""The systems that files come from: which there are, a further one, and ids that seem to be of
another one than the file says."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify

from banso.base.activity import record
from banso.base.fields import new_uid
from banso.base.models import User
from banso.core.text import key
from banso.events.models import ExternalId, Import, Kind, Source
from banso.events.wording import source_name

LONGEST = 120


@dataclass(frozen=True)
class Stranger:
    """An id of the file that is, in the same source, the id of a customer of another name."""

    value: str
    known_as: str
    called: str


def default_source() -> Source:
    """The source of files that name none."""
    return Source.objects.get_or_create(key=Source.FILES, defaults={"name": "Files"})[0]


def file_sources() -> QuerySet[Source]:
    """The systems that files may come from: all but our own acts."""
    return Source.objects.exclude(key=Source.BANSO).order_by("id")


def source_names() -> list[str]:
    """The systems in the reader's language, the usual one first."""
    usual = source_name(Source.FILES, "")
    return [usual, *file_sources().exclude(key=Source.FILES).values_list("name", flat=True)]


@transaction.atomic
def add_source(*, name: str, by: User | None) -> Source:
    """A source of its own, whose ids mean nothing elsewhere."""
    stem = slugify(name)[:28].strip("-") or "source"
    made = stem if not Source.objects.filter(key=stem).exists() else f"{stem}-{new_uid()[:10]}"
    source = Source.objects.create(key=made, name=name)
    record("source.added", actor=by, subject_id=source.pk)
    return source


def source_named(name: str, *, by: User | None) -> Source:
    """The system of that name, a further one if there is none; without a name the usual one."""
    asked = " ".join(name.split())[:LONGEST]
    if not asked:
        return default_source()
    for each in file_sources():
        if key(asked) in (key(each.name), key(source_name(each.key, each.name)), each.key):
            return each
    return add_source(name=asked, by=by)


def strangers(owner: Import) -> list[Stranger]:
    """Of the first rows of a customer list: ids under which the source knows another name."""
    id_at, name_at = owner.mapping.get("account_id"), owner.mapping.get("name")
    if owner.kind != Kind.ACCOUNTS or id_at is None or name_at is None:
        return []
    cells = [row["cells"] for row in owner.inspection["rows"]]
    called = {row[id_at]: row[name_at] for row in cells if max(id_at, name_at) < len(row)}
    return [
        Stranger(value, known, called[value])
        for value, known in known_names(owner.source, list(called))
        if key(known, strip_legal_form=True) != key(called[value], strip_legal_form=True)
    ]


def known_names(source: Source, values: Sequence[str]) -> list[tuple[str, str]]:
    found = ExternalId.objects.filter(source=source, kind="account", value__in=values)
    return list(found.order_by("value").values_list("value", "engagement__party__name"))
