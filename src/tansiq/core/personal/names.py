"""Names of persons: a title and a name, a name and the father's, and a few things like them."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tansiq.core.personal.found import Certainty, Kind
from tansiq.core.personal.hits import Hit

_HERE = Path(__file__).parent
_WORD = re.compile(r"a/[lp]\b|[sd]/o\b|[^\W\d_]+(?:[.'’-](?=[^\W\d_])[^\W\d_]+)*['’]?\.?")
# Between two words of one name there is a blank or two and nothing else.
_GAP = re.compile(r"[ \u00a0]{1,2}")
_INITIAL = re.compile(r"[A-Z]\.?(?:[A-Z]\.)?")
_MOST_WORDS = 5
_MOST_TITLES = 4
# Rank and pair of letters that are titles in one language and words in another.
_ONLY_IN = {
    "en": ("ms",),
    "m": ("fr",),
    "me": ("fr",),
    "si": ("fil",),
    "ni": ("fil",),
    "ir": ("id",),
    "bang": ("id",),
    "ka": ("fil",),
    "g": ("fil",),
    "h": ("id", "ms"),
    "kh": ("id",),
    "sr": ("en", "fil"),
    "madame": ("fr", "en"),
}
_ONE_MORE = {"fil": ("ka", "g"), "id": ("h", "bang"), "ms": ("h",), "fr": ("me",), "en": ("sr",)}
# Written onto an Arabic word: and, so, by, like, to, and the article.
_ONTO = re.compile(r"^[وف]?(?:لل|[بكل]?(?:ال)?)")
_ARABIC = re.compile(r"[\u0621-\u064a]")


@cache
def titles() -> dict[str, frozenset[str]]:
    """Return the lists of titles by their name in titles.toml."""
    lists = tomllib.loads((_HERE / "titles.toml").read_text("utf-8"))
    return {
        name: frozenset(word.replace("-", " ") for word in words.split())
        for name, words in lists.items()
    }


def titles_before_a_name(*, arabic: bool = False) -> frozenset[str]:
    """Return the titles of three letters and more that may not stand before any name at all."""
    kinds = ("arabic_honorific", "arabic_rank") if arabic else ("honorific", "rank")
    found = frozenset().union(*(titles()[kind] for kind in kinds))
    return frozenset(one for one in found if len(one) > 2 or one in _SHORT) - _OFFICES  # noqa: PLR2004 -- letters


_SHORT = frozenset({"mr", "ms", "dr", "kh", "fr", "lt", "bu", "أب", "قس", "أخ"})
# Who holds these is often meant as an office.
_OFFICES = frozenset(
    {"chief", "minister", "president", "judge", "justice", "hakim", "senator", "kapten", "kap"}
)


@cache
def _names(file: str) -> frozenset[str]:
    return frozenset((_HERE / file).read_text("utf-8").split())


class _Words:
    """The words of a text, each with what joins it to the next."""

    def __init__(self, text: str) -> None:
        self.found = list(_WORD.finditer(text))
        self.text = text

    def joined(self, index: int) -> bool:
        """Return whether the word after this one belongs to the same run of words."""
        if index < 0 or index + 1 >= len(self.found):
            return False
        between = self.text[self.found[index].end() : self.found[index + 1].start()]
        return bool(_GAP.fullmatch(between))

    def word(self, index: int) -> str:
        return self.found[index].group()


def _key(word: str) -> str:
    return word.replace(".", "").rstrip("'’").casefold()


def names_in(text: str, language: str) -> Iterator[Hit]:
    """Yield the names of persons in a text in its plain writing."""
    words = _Words(text)
    index = 0
    while index < len(words.found):
        if _begins_no_name(words.word(index)):
            index += 1
            continue
        found = _arabic(words, index) if _ARABIC.match(words.word(index)) else None
        found = found or _latin(words, index, language)
        if found is None:
            index += 1
            continue
        last, certainty = found
        if _is_of_a_place(words, index, last):
            index = last + 1
            continue
        end = words.found[last].end()
        while text[end - 1] in ".'’" and not _INITIAL.fullmatch(words.word(last)):
            end -= 1
        yield Hit(words.found[index].start(), end, Kind.NAME, certainty)
        index = last + 1


Seen = tuple[int, Certainty]


def _begins_no_name(word: str) -> bool:
    """Return whether this is a word in small letters and no title: most words of most texts."""
    return (
        "a" <= word[0] <= "z" and word not in _small_titles() and _key(word) not in _small_titles()
    )


@cache
def _small_titles() -> frozenset[str]:
    return frozenset().union(
        *(titles()[kind] for kind in ("honorific", "rank", "marker")), *_ONE_MORE.values()
    )


def _latin(words: _Words, index: int, language: str) -> Seen | None:
    key = _key(words.word(index))
    if _is_title(key, "honorific", language) or key in _ONE_MORE.get(language, ()):
        found = _after_honorific(words, index, language)
    elif key in titles()["rank"]:
        found = _after_rank(words, index)
    elif _is_title(key, "marker", language) and words.word(index).islower():
        found = _after_marker(words, index)
    else:
        found = None
    return found or _bare(words, index)


def _is_title(key: str, name: str, language: str) -> bool:
    return key in titles()[name] and (key not in _ONLY_IN or language in _ONLY_IN[key])


def _after_honorific(words: _Words, index: int, language: str) -> Seen | None:
    """Follow a title, or several, to the name behind them."""
    last = index
    while (
        last - index < _MOST_TITLES
        and words.joined(last)
        and _is_chained(_key(words.word(last + 1)), language)
    ):
        last += 1
    title = words.word(last)
    if not words.joined(last) or (title.endswith(".") and _key(title) in titles()["whole"]):
        return None
    # Where the title is shouted, so is the name.
    shouted = words.word(index).isupper() and len(words.word(index)) > 1
    end = _run(words, last + 1, shortest=4 if shouted else 5)
    return (end, Certainty.SURE) if end > last else None


def _is_chained(key: str, language: str) -> bool:
    return (
        _is_title(key, "honorific", language) or key in {"sri", "seri", "h", "hj", "r", "rd"}
    ) or (key in titles()["rank"])


def _after_rank(words: _Words, index: int) -> Seen | None:
    """Return the end of a known name: a rank stands as often before a place."""
    end = _run(words, index + 1) if words.joined(index) else index
    if end == index:
        return None
    run = [_bare_word(words.word(one)) for one in range(index + 1, end + 1)]
    known = any(_is_known(one) for one in run)
    initial = any(_INITIAL.fullmatch(words.word(one)) for one in range(index + 1, end + 1))
    return (end, Certainty.LIKELY) if known or (initial and len(run) > 1) else None


def _after_marker(words: _Words, index: int) -> Seen | None:
    if not words.joined(index):
        return None
    key = _key(words.word(index + 1))
    if key in titles()["rank"] or key in titles()["honorific"]:
        return None
    end = _run(words, index + 1)
    return (end, Certainty.LIKELY) if end > index else None


def _bare(words: _Words, index: int) -> Seen | None:
    """Find a given and a family name side by side, or a name and the father's."""
    if not _is_name(words.word(index)):
        return None
    end = _run(words, index)
    if end <= index:
        return None
    run = [_bare_word(words.word(one)) for one in range(index, end + 1)]
    if any(one.casefold() in titles()["patronymic"] for one in run[1:-1]):
        return end, Certainty.SURE
    if run[0] in _given() and (run[-1] in _family() or run[-1] in _given()):
        return end, Certainty.LIKELY
    return None


def _bare_word(word: str) -> str:
    return word.rstrip(".'’").title() if word.isupper() else word.rstrip(".'’")


def _is_known(word: str) -> bool:
    return any(part in _given() or part in _family() for part in word.split("-"))


def _given() -> frozenset[str]:
    return _names("given_names.txt")


def _family() -> frozenset[str]:
    return _names("family_names.txt")


def _run(words: _Words, first: int, *, shortest: int = 5) -> int:
    """Return the last word of the name that begins with this word; the one before if none does."""
    end = first - 1
    for place in range(first, min(first + _MOST_WORDS, len(words.found))):
        if place > first and not words.joined(place - 1):
            break
        word = words.word(place)
        if _is_name(word, shortest=shortest):
            end = place
            if word.endswith(".") and not _INITIAL.fullmatch(word):
                break
        elif end < first or not _is_particle(word):
            break
    return end


def _is_particle(word: str) -> bool:
    return word.islower() and _key(word) in titles()["particle"]


def _is_of_a_place(words: _Words, first: int, last: int) -> bool:
    """Return whether a street, a school or an airport carries this name."""
    before, place = False, first
    while not before and first - place < _MOST_TITLES and words.joined(place - 1):
        place -= 1
        before = _key(words.word(place)) in titles()["place_before"]
        if not _is_name(words.word(place)):
            break
    after = words.joined(last) and _key(words.word(last + 1)) in titles()["place_after"]
    return before or after


def _is_name(word: str, *, shortest: int = 5) -> bool:
    """Return whether the word may be part of a name; in capitals alone, from so many letters on."""
    bare = word.rstrip(".'’")
    if not bare[:1].isupper() or _key(word) in titles()["office"]:
        return False
    if _INITIAL.fullmatch(word):
        return True
    # Short words of capitals alone are the names of bodies.
    return len(bare) > 1 and not (bare.isupper() and len(bare) < shortest)


def _arabic(words: _Words, index: int) -> Seen | None:
    core = _ONTO.sub("", words.word(index))
    whole = words.word(index)
    lists = titles()
    if core in lists["arabic_honorific"] and _is_written_onto(whole, core):
        return _arabic_name(words, index, certainty=Certainty.SURE, any_name=True)
    if core in lists["arabic_rank"] and _is_written_onto(whole, core):
        return _arabic_name(words, index, certainty=Certainty.LIKELY, any_name=False)
    if whole.lstrip("ولبف") in lists["arabic_kunya"] or whole in lists["arabic_kunya"]:
        return _arabic_name(words, index, certainty=Certainty.LIKELY, any_name=False)
    return _arabic_father(words, index) or _arabic_bare(words, index)


def _is_written_onto(whole: str, core: str) -> bool:
    """Return whether the article is there: without it, a title is a word like others."""
    return whole != core or core.startswith("مدعو")


def _arabic_name(words: _Words, index: int, *, certainty: Certainty, any_name: bool) -> Seen | None:
    last = index
    while last - index < _MOST_TITLES and words.joined(last):
        core = _ONTO.sub("", words.word(last + 1))
        if core not in titles()["arabic_honorific"] | titles()["arabic_rank"]:
            break
        last += 1
    if not words.joined(last):
        return None
    first = words.word(last + 1)
    if first in _arabic_names():
        return _to_the_end(words, last + 1), certainty
    if not any_name or first.startswith("ال") or first in titles()["arabic_office"]:
        return None
    return _to_the_end(words, last + 1), Certainty.LIKELY


def _to_the_end(words: _Words, index: int) -> int:
    """Return the last word of an Arabic name that begins here: names, then the family's."""
    last = index
    while words.joined(last) and last - index < _MOST_WORDS:
        word = words.word(last + 1)
        if word in _arabic_names() or word in titles()["arabic_patronymic"]:
            last += 1
            continue
        if word.startswith("ال") and len(word) > 4:  # noqa: PLR2004 -- the article and three letters
            last += 1
        break
    return last


def _arabic_father(words: _Words, index: int) -> Seen | None:
    if not words.joined(index) or words.word(index + 1) not in titles()["arabic_patronymic"]:
        return None
    if not words.joined(index + 1):
        return None
    return _to_the_end(words, index + 2), Certainty.LIKELY


def _arabic_bare(words: _Words, index: int) -> Seen | None:
    """Find two names that are known, side by side."""
    names = _arabic_names()
    if words.word(index) in names and words.joined(index) and words.word(index + 1) in names:
        return _to_the_end(words, index), Certainty.LIKELY
    return None


def _arabic_names() -> frozenset[str]:
    return _names("arabic_names.txt")
