"""The full-text index: put in, take out, find. It decides nothing about who may see what."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from tansiq.core.models import SearchEntry
from tansiq.core.words import alternatives, indexed, words_of

_MOST_WORDS = 12
_SHORTEST_PREFIX = 2


@dataclass(frozen=True)
class Text:
    """What is to be found of one object in one language."""

    kind: str
    object_id: int
    language: str
    title: str
    body: str = ""


def put(texts: Iterable[Text]) -> int:
    """Index these texts, replacing what was there of the same object and language."""
    rows = [
        SearchEntry(
            kind=text.kind,
            object_id=text.object_id,
            language=text.language,
            title_words=indexed(text.title, text.language),
            words=indexed(text.body, text.language),
        )
        for text in texts
    ]
    SearchEntry.objects.bulk_create(
        rows,
        batch_size=400,
        update_conflicts=True,
        unique_fields=["kind", "object_id", "language"],
        update_fields=["title_words", "words"],
    )
    return len(rows)


def take_out(kind: str, object_ids: Iterable[int]) -> None:
    SearchEntry.objects.filter(kind=kind, object_id__in=list(object_ids)).delete()


def find(query: str, *, skip: int = 0, limit: int = 200) -> list[tuple[str, int]]:
    """Return (kind, id) of what matches every word, best first; of any word if nothing does."""
    words = words_of(query)[:_MOST_WORDS]
    if not words:
        return []
    found = _find(words, joined_by="and", skip=skip, limit=limit)
    if not found and skip == 0 and len(words) > 1:
        found = _find(words, joined_by="or", skip=0, limit=limit)
    return found


def _find(words: list[str], *, joined_by: str, skip: int, limit: int) -> list[tuple[str, int]]:
    on_postgresql = connection.vendor == "postgresql"
    statement = _ON_POSTGRESQL if on_postgresql else _ON_SQLITE
    write = _tsquery if on_postgresql else _match
    wanted = write(words, joined_by)
    arguments: list[Any] = [wanted, limit, skip]
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return [(kind, object_id) for kind, object_id, _rank in cursor.fetchall()]


# An object in two languages is one find, with its better rank. MATERIALIZED, because bm25 may
# not stand under a GROUP BY.
_ON_SQLITE = """
WITH f AS MATERIALIZED (
    SELECT rowid AS entry, bm25(core_search_fts, 5.0, 1.0) AS rank FROM core_search_fts
    WHERE core_search_fts MATCH %s
)
SELECT e.kind, e.object_id, MIN(f.rank) AS best FROM f JOIN core_searchentry e ON e.id = f.entry
GROUP BY e.kind, e.object_id ORDER BY best, e.kind, e.object_id LIMIT %s OFFSET %s
"""
VECTOR = (
    "(setweight(to_tsvector('simple', title_words), 'A')"
    " || setweight(to_tsvector('simple', words), 'D'))"
)
_ON_POSTGRESQL = f"""
SELECT kind, object_id, MAX(ts_rank({VECTOR}, q)) AS best
FROM core_searchentry, to_tsquery('simple', %s) q WHERE {VECTOR} @@ q
GROUP BY kind, object_id ORDER BY best DESC, kind, object_id LIMIT %s OFFSET %s
"""  # noqa: S608 -- fixed text of our own


def _match(words: list[str], joined_by: str) -> str:
    """Write the query for SQLite; words hold letters and digits only, so quotes are safe."""
    groups = []
    for word in words:
        forms = [f'"{form}"' for form in alternatives(word)]
        if len(word) >= _SHORTEST_PREFIX:
            forms.append(f'"{word}"*')
        groups.append(f"({' OR '.join(forms)})")
    return (" AND " if joined_by == "and" else " OR ").join(groups)


def _tsquery(words: list[str], joined_by: str) -> str:
    groups = []
    for word in words:
        forms = [f"'{form}'" for form in alternatives(word)]
        if len(word) >= _SHORTEST_PREFIX:
            forms.append(f"'{word}':*")
        groups.append(f"({' | '.join(forms)})")
    return (" & " if joined_by == "and" else " | ").join(groups)
