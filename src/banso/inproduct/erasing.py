"""What is kept here of a person goes when they are erased."""

from collections.abc import Collection

from banso.engine.barred import Id, digest_of
from banso.inproduct.models import Appearance


def forget(ids: Collection[Id]) -> None:
    names = [digest_of(source, person) for source, person in ids]
    Appearance.objects.filter(person__in=names).delete()
