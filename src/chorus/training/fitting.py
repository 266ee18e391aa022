"""Fitting linear heads on the kernel's features, with scikit-learn.

One column at a time, as one label against all else: L2-regularised logistic regression on unit rows
of binary features weighted by their idf (liblinear; Fan et al. 2008), classes balanced. Logistic
rather than hinge loss, because its scores turn into probabilities with less harm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from chorus.kernel import ROWS, Phrasebook, features

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A feature that fewer training posts have is noise.
FEWEST_POSTS: Final = 2


@dataclass(frozen=True, eq=False)
class Counted:
    """The features of texts before any weighting: a sparse matrix, texts x ROWS."""

    matrix: Any

    @classmethod
    def of(cls, texts: Sequence[str], concepts: Phrasebook | None) -> "Counted":
        """Return the features that the kernel sees in texts, with those of concepts."""
        found = features(list(texts), concepts)
        shape = (len(texts), ROWS)
        return cls(sp.csr_matrix((found.values, found.indices, found.indptr), shape=shape))

    def idf(self, rows: "NDArray[Any]") -> "NDArray[np.float32]":
        """Return the idf of every feature over some texts; 0 for one that fewer than two have."""
        often = np.bincount(self.matrix[rows].indices, minlength=ROWS)
        idf = np.log((1 + len(rows)) / (1 + often)) + 1
        return np.where(often >= FEWEST_POSTS, idf, 0).astype(np.float32)

    def weighted(self, idf: "NDArray[np.float32]") -> "Weighted":
        """Return the unit rows that a column is fitted on."""
        live = np.flatnonzero(idf)
        part = self.matrix[:, live] @ sp.diags_array(idf[live])
        norm = np.sqrt(np.asarray(part.multiply(part).sum(axis=1)).ravel()) + 1e-6
        return Weighted((sp.diags_array((1 / norm).astype(np.float32)) @ part).tocsr(), live)


@dataclass(frozen=True, eq=False)
class Weighted:
    """Unit rows over the features that take part."""

    matrix: Any
    live: "NDArray[np.int64]"

    def fit(
        self,
        rows: "NDArray[Any]",
        yes: "NDArray[np.bool_]",
        *,
        weight: "NDArray[Any] | None" = None,
        strength: float = 3.0,
    ) -> "Column":
        """Return the column that tells the texts `rows` with `yes` from those without.

        `strength` is the inverse of the regularisation. A column without both answers among its
        texts says no, firmly.
        """
        if yes.all() or not yes.any():
            return Column(np.zeros(len(self.live), np.float32), 5.0 if yes.any() else -5.0)
        # The dual takes a sixth of the primal's time here, for the same scores to two places.
        model = LogisticRegression(
            C=strength,
            class_weight="balanced",
            solver="liblinear",
            dual=True,
            tol=0.05,
            max_iter=200,
            random_state=0,
        )
        model.fit(self.matrix[rows], yes, sample_weight=weight)
        return Column(model.coef_[0].astype(np.float32), float(model.intercept_[0]))

    def scores(self, rows: "NDArray[Any]", column: "Column") -> "NDArray[np.float32]":
        """Return a column's score of the texts `rows`."""
        return np.asarray(self.matrix[rows] @ column.coefficients + column.bias, np.float32)


@dataclass(frozen=True, eq=False)
class Column:
    """The coefficients of one column over the features that take part."""

    coefficients: "NDArray[np.float32]"
    bias: float

    def over_all_rows(self, live: "NDArray[np.int64]") -> "NDArray[np.float32]":
        """Return the coefficients over all ROWS of the kernel."""
        whole = np.zeros(ROWS, np.float32)
        whole[live] = self.coefficients
        return whole


def platt(scores: "NDArray[np.float32]", yes: "NDArray[np.bool_]") -> tuple[float, float]:
    """Return slope and intercept that turn scores into log-odds (Platt 1999).

    Fitted on scores of posts that the column had not seen. With one answer only, the scores stay.
    """
    if yes.all() or not yes.any():
        return 1.0, 0.0
    model = LogisticRegression(C=1e3).fit(scores.reshape(-1, 1), yes)
    return max(float(model.coef_[0, 0]), 1e-3), float(model.intercept_[0])
