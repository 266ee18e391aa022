"""Concepts of the field and how people say them, compiled for looking up."""

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tansiq.core.words import words_of
from tansiq.plans.matching.forms import forms

FILE = Path(__file__).parents[1] / "data" / "concepts.toml"
LANGUAGES = ("en", "ar", "id", "ms", "fil", "fr")
# In which further languages the words of a text may be: terms travel, and two are neighbours.
READ_AS = {
    "en": ("en",),
    "ar": ("ar", "en"),
    "id": ("id", "ms", "en"),
    "ms": ("ms", "id", "en"),
    "fil": ("fil", "en"),
    "fr": ("fr",),
}
# Words that only mark a plural or a link; terms and texts are read without them.
PARTICLES = frozenset(
    (
        "mga",
        "ng",
        "sa",
        "ang",
        "na",
        "at",
        "of",
        "the",
        "de",
        "des",
        "du",
        "la",
        "le",
        "les",
        "l",
        "d",
    )
)
KINDS = {"topic": 1.0, "audience": 0.95, "setting": 0.7, "measure": 0.5, "form": 0.25}


@dataclass(frozen=True)
class Concept:
    code: str
    kind: str
    labels: dict[str, str]
    like: dict[str, float]

    @property
    def weight(self) -> float:
        return KINDS[self.kind]

    def label(self, language: str) -> str:
        return self.labels.get(language) or self.labels["en"]


@dataclass(frozen=True)
class Term:
    """A way to say a concept: for each of its words the forms that may stand there."""

    concept: str
    spelled: tuple[str, ...]
    words: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Lexicon:
    concepts: dict[str, Concept]
    # By language: terms under each form of their first word, and beginnings of words.
    terms: dict[str, dict[str, list[Term]]]
    beginnings: dict[str, dict[str, str]]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Return the concepts that come with the platform."""
    rows = tomllib.loads(FILE.read_text("utf-8"))
    return compiled({code: row for code, row in rows.items() if isinstance(row, dict)})


def compiled(rows: dict[str, dict[str, object]]) -> Lexicon:
    concepts = {code: _concept(code, row) for code, row in rows.items()}
    for one in concepts.values():
        for other, nearness in one.like.items():
            concepts[other].like.setdefault(one.code, nearness)
    terms: dict[str, dict[str, list[Term]]] = {}
    beginnings: dict[str, dict[str, str]] = {}
    for language in LANGUAGES:
        terms[language], beginnings[language] = _compile(rows, language)
    return Lexicon(concepts, terms, beginnings)


def _concept(code: str, row: dict[str, object]) -> Concept:
    like = row.get("like")
    labels = {one: _terms_in(row, one)[0].strip("=*") for one in LANGUAGES}
    near = (
        {str(other): float(share) for other, share in dict(like).items()}
        if isinstance(like, dict)
        else {}
    )
    return Concept(code, str(row["kind"]), labels, near)


def _terms_in(row: dict[str, object], language: str) -> list[str]:
    return [term.strip() for term in str(row[language]).split(",") if term.strip()]


def _compile(
    rows: dict[str, dict[str, object]], language: str
) -> tuple[dict[str, list[Term]], dict[str, str]]:
    by_first: dict[str, list[Term]] = defaultdict(list)
    beginnings: dict[str, str] = {}
    for code, row in rows.items():
        for text in _terms_in(row, language):
            words = [word for word in words_of(text) if word not in PARTICLES]
            if text.endswith("*") and len(words) == 1:
                beginnings[words[0]] = code
            elif words:
                term = Term(
                    code, tuple(words), tuple(_meant(text, word, language) for word in words)
                )
                for form in term.words[0]:
                    by_first[form].append(term)
    return dict(by_first), beginnings


def _meant(text: str, word: str, language: str) -> frozenset[str]:
    return frozenset({word}) if text.startswith("=") else forms(word, language)
