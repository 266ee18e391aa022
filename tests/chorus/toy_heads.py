"""Heads that know a few words, so that a test can say what a post means."""

from functools import cache

import numpy as np

from chorus import labels
from chorus.cards import Cards
from chorus.heads import Heads, Tuning
from chorus.kernel import ROWS, Weights, features

# What each word says.
WORDS = {
    "blood": ("about.about", "information.blood"),
    "darah": ("about.about", "information.blood"),
    "missing": ("about.about", "information.missing_people"),
    "together": ("about.about", "solidarity.unity"),
    "rumour": ("claim.claim", "harm.panic"),
    "hate": ("hostility.hostility", "target.faith"),
}
LANGUAGES = {"the": "en", "yang": "id", "les": "fr", "ang": "fil", "ialah": "ms", "في": "ar"}


@cache
def toy_heads() -> Heads:
    codes = ("ar", "en", "fr", "id", "ms", "fil")
    columns = [label.key for label in labels.LABELS] + [f"language.{code}" for code in codes]
    matrix, idf = np.zeros((ROWS, len(columns)), np.float32), np.zeros(ROWS, np.float32)
    said = WORDS | {word: (f"language.{code}",) for word, code in LANGUAGES.items()}
    for word, keys in said.items():
        row = features([word], orders=(4,)).indices[0]
        idf[row] = 1
        matrix[row, [columns.index(key) for key in keys]] = 40
    bias = np.full(len(columns), -4, np.float32)
    weights = Weights.from_float(matrix, bias, idf, columns=columns, orders=(4,))
    return Heads(weights, _tuning(len(columns)), Cards(()))


def _tuning(columns: int) -> Tuning:
    return Tuning(
        slope=np.ones(columns, np.float32),
        intercept=np.zeros(columns, np.float32),
        thresholds=np.full((len(labels.LANGUAGES), len(labels.LABELS)), 0.5, np.float32),
        undetermined=0.3,
        mixed=0.7,
        kin=0.5,
    )
