"""What a post says, and in which language: the linear heads, their thresholds and their cards.

A head is a few columns of one weight matrix; the kernel scores all of them in one pass. A column's
score becomes a probability by its own slope and intercept, fitted on events the column had not
seen, and a yes by a threshold of the post's language, chosen on the same events.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from chorus import labels
from chorus.cards import Cards
from chorus.kernel import Weights, WeightsError, score
from chorus.kernel.native import as_large_strings

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Columns of the model. Those of labels carry the label's key; a language's carry its code.
LANGUAGE_PREFIX: Final = "language."
COARSE_PREFIX: Final = "coarse."

# The types of CrisisLexT26, each a column of its own, and which of our labels it gathers. A label
# that a foreign scheme does not name is counted with the others of its group.
COARSE: Final[dict[str, tuple[str, ...]]] = {
    "affected_individuals": ("information.affected_people", "information.missing_people"),
    "caution_and_advice": ("information.caution_advice",),
    "donations_and_volunteering": (
        "information.blood",
        "information.offers_volunteering",
        "information.financial",
        "information.food_water",
        "information.shelter_transport",
        "information.medical",
        "information.psychosocial",
    ),
    "infrastructure_and_utilities": ("information.infrastructure_services",),
    "other_useful_information": ("information.other", "information.information_wanted"),
    "sympathy_and_support": tuple(f"solidarity.{name}" for name in labels.HEADS["solidarity"]),
}

_ALL_OTHER_NEWS: Final = "other_useful_information"

# Less has no language: figures, marks, emoji.
_TWO_LETTERS: Final = r"\p{L}\p{L}"

# What the language columns can say besides our six; all of it becomes `other`.
_SIX: Final = ("ar", "en", "fr", "id", "ms", "fil")
_LANGUAGE_CODE: Final = {code: number for number, code in enumerate(labels.LANGUAGES)}
_MALAY_KIN: Final = ("id", "ms")


class HeadsError(ValueError):
    """A file is not a set of heads; the message says what to do."""


@dataclass(frozen=True)
class Tuning:
    """The few numbers besides weights: how scores become answers."""

    slope: "NDArray[np.float32]"  # one a column
    intercept: "NDArray[np.float32]"
    thresholds: "NDArray[np.float32]"  # languages x labels, as probabilities
    # Below this probability of its best language a post is undetermined; a second language above
    # `mixed` makes it mixed; id and ms nearer to each other than `kin` make it `id/ms`.
    undetermined: float
    mixed: float
    kin: float

    def arrays(self) -> "dict[str, NDArray[Any]]":
        """Return what `from_arrays` needs."""
        limits = np.array([self.undetermined, self.mixed, self.kin], np.float32)
        return {
            "slope": self.slope,
            "intercept": self.intercept,
            "thresholds": self.thresholds,
            "limits": limits,
        }

    @classmethod
    def from_arrays(cls, arrays: "Mapping[str, NDArray[Any]]") -> "Tuning":
        """Return the tuning that `arrays` gave. Raises KeyError for a missing part."""
        undetermined, mixed, kin = (float(limit) for limit in arrays["limits"])
        return cls(
            arrays["slope"],
            arrays["intercept"],
            arrays["thresholds"],
            undetermined,
            mixed,
            kin,
        )


@dataclass(frozen=True, eq=False)
class Heads:
    """All heads that score a post together."""

    weights: Weights
    tuning: Tuning
    cards: Cards

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the score columns: label keys, `language.ar`, `coarse.…`."""
        return self.weights.columns

    def score(self, texts: Any) -> "Scores":
        """Return the scores of texts (masked or not; a list, Series or Arrow array)."""
        strings = as_large_strings(texts)
        raw = score(strings, self.weights)
        words = (
            pl.Series(strings, dtype=pl.String).str.contains(_TWO_LETTERS).fill_null(value=False)
        )
        logits = raw * self.tuning.slope + self.tuning.intercept
        return Scores(self, logits, words.to_numpy())

    def arrays(self) -> "dict[str, NDArray[Any]]":
        """Return what `from_arrays` needs; cards travel as JSON beside it."""
        return {**self.weights.arrays(), **self.tuning.arrays()}


@dataclass(frozen=True, eq=False)
class Scores:
    """What the heads say of some texts: log-odds, one row a text and one column a column."""

    heads: Heads
    logits: "NDArray[np.float32]"
    has_words: "NDArray[np.bool_] | None" = None  # None: all have

    def of(self, column: str) -> "NDArray[np.float32]":
        """Return the log-odds of one column. Raises KeyError for a column the heads lack."""
        return np.asarray(self.logits[:, _position(self.heads.columns, column)])

    def probabilities(self, columns: Sequence[str]) -> "NDArray[np.float32]":
        """Return the probability of each of some columns on its own, texts x columns."""
        chosen = [_position(self.heads.columns, column) for column in columns]
        return np.asarray(1 / (1 + np.exp(-self.logits[:, chosen])))

    def languages(self) -> "NDArray[np.uint8]":
        """Return the language of each text, as its place in `labels.LANGUAGES`."""
        names, logits = self._language_logits()
        best = logits.argmax(axis=1)
        rows = np.arange(len(logits))
        top = logits[rows, best]
        six = np.array([_LANGUAGE_CODE.get(name, _LANGUAGE_CODE["other"]) for name in names])
        answer = six[best].astype(np.uint8)
        without = logits.copy()
        without[rows, best] = -np.inf
        kin = [names.index(name) for name in _MALAY_KIN]
        near = np.abs(logits[:, kin[0]] - logits[:, kin[1]]) < self.heads.tuning.kin
        is_kin = np.isin(best, kin)
        # A post in Malay is no mixture of Malay and Indonesian.
        for column in kin:
            without[is_kin, column] = -np.inf
        ours = [number for number, name in enumerate(names) if name in _SIX]
        second = without[:, ours].max(axis=1, initial=-np.inf)
        answer[is_kin & near] = _LANGUAGE_CODE["id/ms"]
        tuning = self.heads.tuning
        answer[(second > _logit(tuning.mixed)) & np.isin(best, ours)] = _LANGUAGE_CODE["mixed"]
        answer[top < _logit(tuning.undetermined)] = _LANGUAGE_CODE["und"]
        if self.has_words is not None:
            answer[~self.has_words] = _LANGUAGE_CODE["und"]
        return np.asarray(answer)

    def best_language(self, among: Sequence[str] = _SIX) -> list[str]:
        """Return the most likely of some languages for each text, without doubt or mixture."""
        names, logits = self._language_logits()
        chosen = [names.index(name) for name in among]
        return [among[place] for place in logits[:, chosen].argmax(axis=1)]

    def labels(self, languages: "NDArray[np.uint8]") -> "NDArray[np.uint64]":
        """Return the label mask of each text, by the thresholds of its language.

        A label that says nothing without another head (a harm without a claim, a target without
        hostility, a need in a post about something else) is left out.
        """
        said = self.probabilities([label.key for label in labels.LABELS])
        yes = said >= self.heads.tuning.thresholds[languages]
        bit = labels.BIT
        about = yes[:, bit["about.about"]]
        for label in labels.LABELS:
            if label.head in _ABOUT_FIRST:
                yes[:, bit[label.key]] &= about
        self._name_clear_types(yes, said, languages)
        for head, first in labels.DEPENDS_ON.items():
            _keep_the_likeliest(yes, said, head, first)
        powers = np.uint64(1) << np.arange(len(labels.LABELS), dtype=np.uint64)
        return np.asarray((yes * powers).sum(axis=1, dtype=np.uint64))

    def _name_clear_types(
        self,
        yes: "NDArray[np.bool_]",
        said: "NDArray[np.float32]",
        languages: "NDArray[np.uint8]",
    ) -> None:
        """Give an English post of a clear type, but without a label of it, the likeliest one.

        The types were learnt from real posts, our finer labels from invented ones, which know fewer
        ways to say the same. Only English posts: the types know hardly any other language. Not the
        type of all other news: it would make every second post a question or other news.
        """
        columns = [f"{COARSE_PREFIX}{name}" for name in COARSE]
        if not set(columns) <= set(self.heads.columns):
            return
        types = self.logits[:, [_position(self.heads.columns, column) for column in columns]]
        best = types.argmax(axis=1)
        clear = (types.max(axis=1) > 0) & (languages == _LANGUAGE_CODE["en"])
        clear &= yes[:, labels.BIT["about.about"]]
        for place, name in enumerate(COARSE):
            if name == _ALL_OTHER_NEWS:
                continue
            bits = [labels.BIT[key] for key in COARSE[name]]
            rows = np.flatnonzero(clear & (best == place) & ~yes[:, bits].any(axis=1))
            likeliest = np.array(bits)[said[np.ix_(rows, np.array(bits))].argmax(axis=1)]
            yes[rows, likeliest] = True

    def _language_logits(self) -> "tuple[list[str], NDArray[np.float32]]":
        found = [
            (number, column.removeprefix(LANGUAGE_PREFIX))
            for number, column in enumerate(self.heads.columns)
            if column.startswith(LANGUAGE_PREFIX)
        ]
        return [name for _, name in found], self.logits[:, [number for number, _ in found]]


_ABOUT_FIRST: Final = frozenset({labels.INFORMATION, labels.SOLIDARITY, labels.INFORMATIVE})


def _keep_the_likeliest(
    yes: "NDArray[np.bool_]", said: "NDArray[np.float32]", head: str, first: str
) -> None:
    """Give a post that the first head says yes to the likeliest label of the head after it."""
    bits = [labels.BIT[f"{head}.{name}"] for name in labels.HEADS[head]]
    has_first = yes[:, labels.BIT[f"{first}.{first}"]]
    likeliest = said[:, bits].argmax(axis=1)
    for place, position in enumerate(bits):
        yes[:, position] = has_first & (likeliest == place)


def _logit(probability: float) -> float:
    return float(np.log(probability / (1 - probability)))


@cache
def _positions(columns: tuple[str, ...]) -> dict[str, int]:
    return {column: number for number, column in enumerate(columns)}


def _position(columns: tuple[str, ...], column: str) -> int:
    return _positions(columns)[column]


# -- Files ---------------------------------------------------------------------------------------

_WEIGHTS_FILE: Final = "heads.npz"
_CARDS_FILE: Final = "cards.json"


def load_heads(folder: Path | None = None) -> Heads:
    """Return the heads in a folder; without one, those that ship with the library.

    Raises HeadsError when the folder holds no heads or ones of another make.
    """
    if folder is None:
        return _shipped()
    try:
        return _read((folder / _WEIGHTS_FILE).read_bytes(), (folder / _CARDS_FILE).read_bytes())
    except OSError as problem:
        raise HeadsError(
            f"{folder} holds no heads: {problem.strerror}. Give a folder that `chorus learn` wrote."
        ) from problem


def save_heads(heads: Heads, folder: Path) -> None:
    """Write heads into a folder, each file aside first, then renamed."""
    folder.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **heads.arrays())
    for name, content in (
        (_WEIGHTS_FILE, buffer.getvalue()),
        (_CARDS_FILE, heads.cards.to_json()),
    ):
        aside = folder / f".{name}.aside"
        aside.write_bytes(content)
        aside.replace(folder / name)


@cache
def _shipped() -> Heads:
    files = resources.files("chorus.models")
    return _read(
        files.joinpath(_WEIGHTS_FILE).read_bytes(), files.joinpath(_CARDS_FILE).read_bytes()
    )


def _read(weights: bytes, cards: bytes) -> Heads:
    try:
        with np.load(io.BytesIO(weights), allow_pickle=False) as arrays:
            held = {name: arrays[name] for name in arrays.files}
        return Heads(Weights.from_arrays(held), Tuning.from_arrays(held), Cards.from_json(cards))
    except (ValueError, KeyError, zipfile.BadZipFile) as problem:
        if isinstance(problem, WeightsError):
            raise HeadsError(str(problem)) from problem
        raise HeadsError("The heads' file is damaged; take it anew from the package.") from problem
