"""Finding things by their words, in Japanese and English, on SQLite and PostgreSQL."""

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from banso.base.models import SearchRow
from banso.core.text import search_tokens

MOST = 3_000
"""Hits that are looked at: a page shows a thousand, and ranking everything takes as long as there
is of it."""
SQLITE = (  # the newest first; the cross join keeps the planner from going through all the rows
    "SELECT subject_id FROM base_search_text CROSS JOIN base_searchrow"
    " ON base_searchrow.id = base_search_text.rowid"
    " WHERE base_search_text MATCH %s AND kind = %s"
    " ORDER BY base_search_text.rowid DESC LIMIT %s"
)
NEAREST_SQLITE = (
    "SELECT subject_id, base_searchrow.words FROM base_search_text CROSS JOIN base_searchrow"
    " ON base_searchrow.id = base_search_text.rowid"
    " WHERE base_search_text MATCH %s AND kind = %s"
    " ORDER BY bm25(base_search_text), subject_id DESC LIMIT %s"
)
NEAREST_POSTGRESQL = (
    "SELECT subject_id, words FROM base_searchrow, to_tsquery('simple', %s) AS asked"
    " WHERE lexemes @@ asked AND kind = %s"
    " ORDER BY ts_rank(lexemes, asked) DESC, subject_id DESC LIMIT %s"
)


def index(kind: str, texts: Iterable[tuple[int, str]]) -> None:
    """Write what may be found: (subject id, its text); call it in the action's transaction."""
    rows = [
        SearchRow(kind=kind, subject_id=subject, words=" ".join(search_tokens(text)))
        for subject, text in texts
    ]
    SearchRow.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["kind", "subject_id"],
        update_fields=["words"],
    )


def forget(kind: str, subjects: Sequence[int]) -> None:
    SearchRow.objects.filter(kind=kind, subject_id__in=subjects).delete()


def found(kind: str, query: str) -> QuerySet[SearchRow, int]:
    """Ids of what holds every word of `query`, as a subquery to filter a scoped queryset with;
    of a word that nearly everything holds, MOST of them."""
    rows = SearchRow.objects.filter(kind=kind)
    words = query.split()
    if not any(search_tokens(word) for word in words):
        return rows.none().values_list("subject_id", flat=True)
    return matching(rows, kind, words)


def matching(
    rows: QuerySet[SearchRow], kind: str, words: Sequence[str]
) -> QuerySet[SearchRow, int]:
    """Subjects of rows in which each word stands as a phrase of its tokens; a last ASCII word may
    go on."""
    phrases = [tokens for word in words if (tokens := search_tokens(word))]
    if connection.vendor == "sqlite":
        text = " AND ".join(sqlite_phrase(tokens) for tokens in phrases)
        among = rows.filter(subject_id__in=RawSQL(SQLITE, [text, kind, MOST]))
        return among.values_list("subject_id", flat=True)
    text = " & ".join(postgresql_phrase(tokens) for tokens in phrases)
    sql = "lexemes @@ to_tsquery('simple', %s)"
    hits = rows.filter(RawSQL(sql, [text], output_field=BooleanField()))
    return hits.order_by("-pk").values_list("subject_id", flat=True)[:MOST]


def mark(kind: str) -> str:
    """A word with which every text of a kind begins that `nearest` is asked of, so that the words
    of other kinds need not be gone through."""
    return f"kind{kind}"


def nearest(kind: str, stems: Sequence[str], most: int) -> list[tuple[int, set[str]]]:
    """(subject id, its tokens) of marked texts in which a word begins with one of these, those
    with the most and rarest first."""
    phrases = [tokens for stem in stems if (tokens := search_tokens(stem))]
    if not phrases:
        return []
    if connection.vendor == "sqlite":
        either = " OR ".join(sqlite_phrase(each) for each in phrases)
        sql, text = NEAREST_SQLITE, f'"{mark(kind)}" AND ({either})'
    else:
        either = " | ".join(postgresql_phrase(each) for each in phrases)
        sql, text = NEAREST_POSTGRESQL, f"'{mark(kind)}' & ({either})"
    with connection.cursor() as cursor:
        cursor.execute(sql, [text, kind, most])
        return [(subject, set(words.split())) for subject, words in cursor.fetchall()]


def sqlite_phrase(tokens: Sequence[str]) -> str:
    return '"' + " ".join(tokens) + '"*'


def postgresql_phrase(tokens: Sequence[str]) -> str:
    quoted = [f"'{token}'" for token in tokens]
    quoted[-1] += ":*"
    return "(" + " <-> ".join(quoted) + ")"
