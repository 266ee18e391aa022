"""Words as the search compares them: one spelling, and the stem beside the word.

Done here and not in the database, so that SQLite and PostgreSQL find the same things in all six
languages. Malay and Indonesian share their stemmer; Filipino has none and is compared by word.
"""

import re
import unicodedata
from functools import cache

import Stemmer

STEMMERS = {"ar": "arabic", "en": "english", "fr": "french", "id": "indonesian", "ms": "indonesian"}
_WORD = re.compile(r"[^\W_]+")
# Signs above and below Arabic letters, and the stroke that only stretches a word.
_ARABIC_MARKS = re.compile(r"[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640]")
_ARABIC_SPELLINGS = str.maketrans("أإآٱىةؤئ", "ااااي" + "هوي")
_LONGEST = 60


@cache
def _stemmer(name: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(name)


def words_of(text: str) -> list[str]:
    """Return the words of a text in one spelling: lower case, no accents, one Arabic alef."""
    text = _ARABIC_MARKS.sub("", unicodedata.normalize("NFKC", text)).translate(_ARABIC_SPELLINGS)
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFD", text.casefold())
        if not unicodedata.combining(letter)
    )
    return [word[:_LONGEST] for word in _WORD.findall(plain)]


def stem(word: str, language: str) -> str:
    """Return the stem of a word of `words_of`, or the word where the language has no stemmer."""
    name = STEMMERS.get(language)
    return str(_stemmer(name).stemWord(word)) if name else word


def indexed(text: str, language: str) -> str:
    """Return what is kept of a text: each word and, where it differs, its stem."""
    kept = []
    for word in words_of(text):
        kept.append(word)
        stemmed = stem(word, language)
        if stemmed != word:
            kept.append(stemmed)
    return " ".join(kept)


def alternatives(word: str) -> list[str]:
    """Return the forms under which a searched word may be kept, in any of the languages."""
    stems = {_stemmer(name).stemWord(word) for name in set(STEMMERS.values())}
    return [word, *sorted(stems - {word, ""})]
