"""What a text is about: its concepts with the words that said so, its other words, its numbers."""

import re
from dataclasses import dataclass
from functools import lru_cache

from tansiq.core.words import stem, words_of
from tansiq.plans.matching.forms import forms
from tansiq.plans.matching.lexicon import PARTICLES, READ_AS, Term, lexicon

# Between two words of a term may stand this many others, as in "tokoh-tokoh agama".
_GAP = 1
_SHORTEST_WORD = 4
_NUMBER = re.compile(r"\d+(?:[./-]\d+)+|\d{3,}")
# Words so common in plans that sharing them says nothing.
_NOT_TELLING = frozenset(
    words_of(
        "with from that this their they them into each every which local national plan plans about"
        " after before year years month months week weekly yearly once twice hold keep make give"
        " open build help support together government start bring work"
        " yang dengan untuk dari pada dalam oleh serta atau kepada tentang antara setiap daerah"
        " nasional bagi secara akan agar para tempatan melalui sebagai kebangsaan satu dua tiga"
        " tahun bulan kali sekali setahun pemerintah kerajaan bersama"
        " mengadakan membuat memberi menjalankan membuka membangun menyelenggara"
        " para mula hanggang bawat kung nang upang lokal pambansang tuwing kanilang nila ating"
        " pamahalaan sama gawin magbigay magtatag bumuo tulungan"
        " avec dans pour leur leurs chaque entre sans sous plus local locale locaux nationale aux"
        " des les une ensemble organiser mettre tenir ouvrir aider soutenir"
        " على الى التي الذي هذه هذا كل بين من في عن مع بعد قبل خلال محلي محليه المحليه"
        " وطنيه الوطنيه الحكومه معا عقد تنظيم دعم فتح"
    )
)


@dataclass(frozen=True)
class Profile:
    """What one text says. Concepts hold the words of the text that said so, in their order."""

    concepts: dict[str, tuple[str, ...]]
    # What is left, by the stem.
    words: dict[str, str]
    numbers: frozenset[str]


@lru_cache(maxsize=20_000)
def profile_of(text: str, language: str) -> Profile:
    words = [word for word in words_of(text) if word not in PARTICLES]
    spans = _spans(words, language)
    said: dict[str, tuple[str, ...]] = {}
    used: set[int] = set()
    for span, code in spans:
        used |= set(span)
        phrase = " ".join(words[place] for place in span)
        said[code] = tuple(dict.fromkeys((*said.get(code, ()), phrase)))
    rest = {
        stem(word, language): word
        for place, word in enumerate(words)
        if place not in used
        and len(word) >= _SHORTEST_WORD
        and not word.isdigit()
        and word not in _NOT_TELLING
    }
    return Profile(said, rest, frozenset(_NUMBER.findall(text)))


def _spans(words: list[str], language: str) -> list[tuple[tuple[int, ...], str]]:
    """Return where which concept is said. What is part of a longer term is not said by itself."""
    found: set[tuple[tuple[int, ...], str]] = set()
    for read_as in READ_AS.get(language, (language, "en")):
        found |= _found_in(words, read_as)
    in_order = sorted(found, key=lambda one: (-len(one[0]), one))
    kept: list[tuple[tuple[int, ...], str]] = []
    covered: set[int] = set()
    for span, code in in_order:
        if len(span) == 1 and span[0] in covered:
            continue
        kept.append((span, code))
        if len(span) > 1:
            covered |= set(span)
    return sorted(kept)


def _found_in(words: list[str], language: str) -> set[tuple[tuple[int, ...], str]]:
    known = lexicon()
    terms, beginnings = known.terms.get(language, {}), known.beginnings.get(language, {})
    keys = [forms(word, language) for word in words]
    found: set[tuple[tuple[int, ...], str]] = set()
    for place, word in enumerate(words):
        spelled = {one.concept for one in terms.get(word, ()) if one.spelled == (word,)}
        found |= {((place,), code) for code in spelled}
        for term in {one for key in keys[place] for one in terms.get(key, ())}:
            # A word that is itself a term is not taken apart to find another one.
            is_whole = bool(spelled) or word in _NOT_TELLING
            span = () if is_whole and len(term.words) == 1 else _follow(term, keys, place)
            if span:
                found.add((span, term.concept))
        found |= {((place,), code) for start, code in beginnings.items() if word.startswith(start)}
    return found


def _follow(term: Term, keys: list[frozenset[str]], place: int) -> tuple[int, ...]:
    """Return the places of all words of a term from here on, or nothing."""
    span = [place]
    for wanted in term.words[1:]:
        nearby = range(span[-1] + 1, min(span[-1] + 2 + _GAP, len(keys)))
        place = next((one for one in nearby if keys[one] & wanted), -1)
        if place < 0:
            return ()
        span.append(place)
    return tuple(span)
