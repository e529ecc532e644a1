"""The state of a table page: what is searched, filtered, sorted and shown, as one address."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlencode

from django.http import QueryDict

type Aria = Literal["ascending", "descending", ""]
MAX_PAGE = 100_000


@dataclass(frozen=True)
class SortState:
    """How a sortable header looks and where it leads."""

    href: str
    aria: Aria
    icon: str


@dataclass(frozen=True)
class TableState:
    """Read from the query string, written back by its links; unknown words are dropped.

    `sort` is a key, with "-" before it when descending; `filters` holds the filled ones only;
    `default` is the sort that needs no word in the address.
    """

    q: str = ""
    sort: str = ""
    page: int = 1
    filters: tuple[tuple[str, str], ...] = ()
    default: str = ""
    path: str = ""

    @classmethod
    def read(
        cls,
        query: QueryDict | Mapping[str, str],
        *,
        sortable: Collection[str],
        default: str,
        filters: Collection[str] = (),
        path: str = "",
    ) -> "TableState":
        """The state in `query`; `sortable` and `filters` are the words it may use."""
        sort = query.get("sort") or default
        known = sort.removeprefix("-") in sortable
        filled = ((name, (query.get(name) or "").strip()[:200]) for name in filters)
        return cls(
            q=(query.get("q") or "").strip()[:200],
            sort=sort if known else default,
            page=page_number(query.get("page")),
            filters=tuple((name, value) for name, value in filled if value),
            default=default,
            path=path,
        )

    @property
    def key(self) -> str:
        return self.sort.removeprefix("-")

    @property
    def descending(self) -> bool:
        return self.sort.startswith("-")

    @property
    def narrowed(self) -> bool:
        """Whether a search or filter hides rows: an empty table then says so."""
        return bool(self.q or self.filters)

    def filter(self, name: str) -> str:
        """The value of a filter, "" when it is not set."""
        return dict(self.filters).get(name, "")

    def filtered(self, name: str, value: str) -> str:
        """The address with one filter set ("" takes it off), from the first page."""
        others = dict(self.filters) | {name: value}
        kept = tuple((key, each) for key, each in others.items() if each)
        return replace(self, filters=kept, page=1).href

    def to_page(self, number: int) -> str:
        return replace(self, page=number).href

    def sorting(self, key: str) -> SortState:
        """The header of column `key`: a second press turns the order round."""
        if self.key != key:
            return SortState(replace(self, sort=key, page=1).href, "", "")
        turned = replace(self, sort=key if self.descending else f"-{key}", page=1).href
        if self.descending:
            return SortState(turned, "descending", "arrow-down")
        return SortState(turned, "ascending", "arrow-up")

    @property
    def cleared(self) -> str:
        """The address without search and filters."""
        return replace(self, q="", filters=(), page=1).href

    @property
    def href(self) -> str:
        words = [("q", self.q), *self.filters]
        if self.sort != self.default:
            words.append(("sort", self.sort))
        if self.page > 1:
            words.append(("page", str(self.page)))
        return f"{self.path}?{urlencode([word for word in words if word[1]])}"


def page_number(text: str | None) -> int:
    """A page from 1 up; anything else is the first."""
    if not text or not text.isascii() or not text.isdigit():
        return 1
    return min(max(int(text[:9]), 1), MAX_PAGE)
