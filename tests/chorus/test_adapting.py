"""Moving heads: the fit is the one that scikit-learn finds, and packing loses next to nothing."""

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from chorus import corpus
from chorus.heads import load_heads
from chorus.kernel import score
from chorus.training import adapting
from chorus.training.adapting import Lessons, Rows

TEXTS = tuple(post.text for post in corpus.written("en")[:160])


@pytest.fixture(scope="module")
def heads():
    return load_heads()


@pytest.fixture(scope="module")
def rows(heads):
    return Rows.of(TEXTS, heads.weights)


def matrix_of(rows, width):
    return sp.csr_matrix((rows.values, rows.indices, rows.indptr), (len(TEXTS), width))


def test_rows_give_the_scores_of_the_kernel(heads, rows):
    own = adapting.own_weights(heads.weights)[:, None]
    coefficients = np.divide(
        heads.weights.to_float(), own, out=np.zeros(heads.weights.rows.shape), where=own > 0
    )
    said = matrix_of(rows, len(own)) @ coefficients + heads.weights.bias
    np.testing.assert_allclose(said, score(list(TEXTS), heads.weights), atol=1e-4)


def test_how_alike_posts_are_is_the_cosine_of_their_features(heads, rows):
    matrix = matrix_of(rows, len(heads.weights.rows))
    np.testing.assert_allclose(rows.alike(), (matrix @ matrix.T).toarray(), atol=1e-5)


def test_without_a_past_the_fit_is_that_of_scikit_learn(heads, rows):
    yes = np.array([bool(post.mask & 1) for post in corpus.written("en")[: len(TEXTS)]])
    yes[:20] = ~yes[:20]
    old = np.zeros((len(TEXTS), 1))
    pull = adapting.fit(rows.alike(), Lessons(old, yes[:, None] * 1.0, old + 1), 0.3)
    said = adapting.moved(rows.alike(), pull)[:, 0]
    bias = np.full((len(TEXTS), 1), np.sqrt(adapting._BIAS))
    features = sp.hstack([matrix_of(rows, len(heads.weights.rows)), sp.csr_matrix(bias)])
    model = LogisticRegression(C=1 / 0.3, fit_intercept=False, tol=1e-8, max_iter=1_000)
    theirs = model.fit(features, yes).decision_function(features)
    np.testing.assert_allclose(said, theirs, atol=5e-3)


def test_nothing_taught_is_nothing_moved(rows):
    nothing = np.zeros((len(TEXTS), 2))
    assert not adapting.fit(rows.alike(), Lessons(nothing, nothing, nothing), 0.3).any()


def test_packed_heads_answer_as_the_fit_says_and_other_columns_keep_every_byte(heads, rows):
    column = heads.columns.index("information.blood")
    pull = np.random.default_rng(0).normal(0, 0.3, (len(TEXTS), 1))
    weights = adapting.adapted(heads.weights, ["information.blood"], rows, pull)
    before, after = score(list(TEXTS), heads.weights), score(list(TEXTS), weights)
    moved = adapting.moved(rows.alike(), pull)[:, 0]
    assert np.abs(moved).max() > 0.3
    np.testing.assert_allclose(after[:, column] - before[:, column], moved, atol=0.03)
    others = np.arange(len(heads.columns)) != column
    np.testing.assert_array_equal(before[:, others], after[:, others])
