"""Long lists a page at a time, counted only as far as somebody would page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, overload

from django.db.models import QuerySet

MOST_COUNTED = 1_000


@dataclass(frozen=True)
class Listed[T](Sequence[T]):
    """What django.core.paginator.Paginator pages: `size` rows in reach, `more` where the list
    goes on beyond them; `fetch(first, last)` gives the rows from `first` up to before `last`."""

    fetch: Callable[[int, int], Sequence[T]]
    size: int
    more: bool = False

    def __len__(self) -> int:
        return self.size

    @overload
    def __getitem__(self, asked: int) -> T: ...

    @overload
    def __getitem__(self, asked: slice) -> Sequence[T]: ...

    def __getitem__(self, asked: int | slice) -> T | Sequence[T]:
        if isinstance(asked, slice):
            first, last, _ = asked.indices(self.size)
            return self.fetch(first, last)
        return self.fetch(asked, asked + 1)[0]


def reach(rows: QuerySet[Any, Any]) -> tuple[int, bool]:
    """(rows counted up to MOST_COUNTED, whether there are more)."""
    found = rows.order_by()[: MOST_COUNTED + 1].count()
    return min(found, MOST_COUNTED), found > MOST_COUNTED
