"""What a person finds: the index proposes, the gate disposes."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from tansiq.access.actor import Actor
from tansiq.core.search import find
from tansiq.core.translations import show
from tansiq.home.searchables import BY_KIND, Searchable

_PAGE = 200
_MOST_PAGES = 5
MOST = 50


@dataclass(frozen=True)
class Find:
    """One thing that was found and may be seen by who searched."""

    searchable: Searchable
    thing: Any

    @property
    def title(self) -> str:
        shown = getattr(self.thing, "shown", {})
        return str(shown.get(self.searchable.title) or self.thing)

    @property
    def where(self) -> str:
        return self.searchable.where(self.thing)

    @property
    def url(self) -> str:
        return self.searchable.address(self.thing)


def search(actor: Actor, query: str, *, kind: str = "") -> list[Find]:
    """Return at most 50 things that match and that this actor may see, best first."""
    found: list[Find] = []
    for page in range(_MOST_PAGES):
        hits = find(query, skip=page * _PAGE, limit=_PAGE)
        wanted = [hit for hit in hits if hit[0] in BY_KIND and kind in {"", hit[0]}]
        found += _visible(actor, wanted)
        if len(found) >= MOST or len(hits) < _PAGE:
            break
    return found[:MOST]


def _visible(actor: Actor, hits: list[tuple[str, int]]) -> list[Find]:
    wanted: dict[str, list[int]] = defaultdict(list)
    for kind, pk in hits:
        wanted[kind].append(pk)
    things: dict[tuple[str, int], Find] = {}
    for kind, pks in wanted.items():
        searchable = BY_KIND[kind]
        rows = searchable.model.objects.visible_to(actor).filter(pk__in=pks)
        rows = list(rows.select_related(*searchable.related))
        _show_all(searchable, rows)
        things |= {(kind, row.pk): Find(searchable, row) for row in rows}
    return [things[hit] for hit in hits if hit in things]


def _show_all(searchable: Searchable, rows: list[Any]) -> None:
    if searchable.names:
        return
    by_language: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_language[searchable.written_in(row)].append(row)
    for language, written in by_language.items():
        show(written, searchable.title, written_in=language)
