"""Heads that know a word or two for each column: small, exact, made in milliseconds."""

import numpy as np

from chorus import labels
from chorus.cards import Cards, HeadCard
from chorus.heads import COARSE, COARSE_PREFIX, LANGUAGE_PREFIX, Heads, Tuning
from chorus.kernel import ROWS, Weights, features

CODES = ("ar", "en", "fr", "id", "ms", "fil", "es")
COLUMNS = (
    *(label.key for label in labels.LABELS),
    *(COARSE_PREFIX + name for name in COARSE),
    *(LANGUAGE_PREFIX + code for code in CODES),
)


def word_of(column):
    """Return the made-up word that only this column knows."""
    number = COLUMNS.index(column)
    return "q" + "".join("bcdfghjklm"[int(digit)] * 2 for digit in f"{number:02d}") + "x"


def text_of(*columns):
    """Return a text that exactly these columns say yes to."""
    return " ".join(map(word_of, columns))


def small_heads():
    """Return the heads."""
    matrix, idf = np.zeros((ROWS, len(COLUMNS)), np.float32), np.zeros(ROWS, np.float32)
    for number, column in enumerate(COLUMNS):
        rows = features([word_of(column)]).indices
        matrix[rows, number] = 3
        idf[rows] = 1
    weights = Weights.from_float(
        matrix, np.full(len(COLUMNS), -2, np.float32), idf, columns=COLUMNS
    )
    tuning = Tuning(
        slope=np.ones(len(COLUMNS), np.float32),
        intercept=np.zeros(len(COLUMNS), np.float32),
        thresholds=np.full((len(labels.LANGUAGES), len(labels.LABELS)), 0.5, np.float32),
        undetermined=0.2,
        mixed=0.9,
        kin=0.1,
    )
    cards = Cards(
        tuple(
            HeadCard(head, "test 1", "Apache-2.0", ("invented words",), ("all else",))
            for head in (*labels.HEADS, labels.LANGUAGE)
        )
    )
    return Heads(weights, tuning, cards)
