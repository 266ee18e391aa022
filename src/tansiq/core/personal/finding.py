from collections.abc import Iterable, Iterator
from itertools import chain

from tansiq.core.personal.found import Certainty, Found, Kind
from tansiq.core.personal.hits import Hit
from tansiq.core.personal.identities import identities_in
from tansiq.core.personal.names import names_in
from tansiq.core.personal.normal import plain
from tansiq.core.personal.online import online_in
from tansiq.core.personal.plates import plates_in
from tansiq.core.personal.telephones import telephones_in
from tansiq.core.personal.whereabouts import whereabouts_in

# Where two things overlap, the first in this order is it.
_FIRST = (
    Kind.EMAIL,
    Kind.COORDINATES,
    Kind.PASSPORT,
    Kind.IDENTITY,
    Kind.TELEPHONE,
    Kind.PLATE,
    Kind.ACCOUNT,
    Kind.ADDRESS,
    Kind.NAME,
)


def find(text: str, *, language: str = "", known: Iterable[str] = ()) -> list[Found]:
    """Return what belongs to a person in this text, in order and without overlap.

    `language` is the one the text is written in, where known: some titles are words in another
    language. `known` may go out: numbers of offices, names of bodies and places.
    """
    seen = plain(text)
    hits = _apart(
        chain(
            online_in(seen.text),
            whereabouts_in(seen.text),
            identities_in(seen.text),
            telephones_in(seen.text),
            plates_in(seen.text),
            names_in(seen.text, language.partition("-")[0]),
        )
    )
    allowed = {_bare(one) for one in known}
    return [
        Found(start, end, hit.kind, text[start:end], hit.certainty, hit.country)
        for hit in hits
        for start, end in [seen.span(hit.start, hit.end)]
        if not allowed or _bare(seen.text[hit.start : hit.end]) not in allowed
    ]


def _apart(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Yield in order what does not overlap: the strong, the sure, the long come first."""
    kept: list[Hit] = []
    ranked = sorted(
        hits,
        key=lambda one: (
            _FIRST.index(one.kind),
            one.certainty != Certainty.SURE,
            one.start - one.end,
        ),
    )
    taken: set[int] = set()
    for one in ranked:
        places = range(one.start, one.end)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(one)
    return iter(sorted(kept))


def _bare(words: str) -> str:
    """Return what makes two writings of a number or a name the same."""
    return "".join(one for one in words.casefold() if one.isalnum())
