"""Moving heads a little, from few labelled posts: prior-centred kernel logistic regression.

The new log-odds of a post are the old ones plus what the new posts teach about its features. Small
changes of the weights are preferred (their squares are added up, as a normal prior around the old
weights would have it), and posts of ours are replayed with the old head's own answers as targets
(Li and Hoiem 2017), so that what they do not speak of stays as it was. The change of the weights is
a sum over the few posts that teach (the representer theorem), so a table of how alike these posts
are is all that is needed, and a fit takes milliseconds.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from chorus.kernel import Features, Weights, features

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ORDERS: Final = range(1, 16)
_STEPS: Final = 400
# How much a column's bias is worth as a feature: far less than a post's own, since how often an
# answer is given says more about who chose the posts than about what is in them.
_BIAS: Final = 0.1
_CLOSE_ENOUGH: Final = 1e-4  # of log-odds, between two steps
_GREATEST: Final = 127  # what a weight of eight bits holds
_LEAST_STEP: Final = 1e-9  # of a column without weights
_COMMON: Final = 12  # posts that a feature needs for a column of its own


@dataclass(frozen=True, eq=False)
class Rows:
    """The features of some posts as the heads weigh them: unit rows, in CSR."""

    indptr: "NDArray[np.int64]"
    indices: "NDArray[np.int64]"
    values: "NDArray[np.float32]"

    @classmethod
    def of(cls, texts: Sequence[str], weights: Weights) -> "Rows":
        """Return the rows of texts for the features that take part in some weights."""
        orders = [order for order in _ORDERS if weights.orders >> order & 1]
        found: Features = features(list(texts), weights.phrasebook, orders=orders)
        own = own_weights(weights)[found.indices]
        takes_part = own > 0
        post = np.repeat(np.arange(len(texts)), np.diff(found.indptr))[takes_part]
        own = own[takes_part]
        norm = np.sqrt(np.bincount(post, own * own, minlength=len(texts)))
        indptr = np.concatenate([[0], np.bincount(post, minlength=len(texts)).cumsum()])
        values = (own / norm[post]).astype(np.float32)
        return cls(indptr, found.indices[takes_part].astype(np.int64), values)

    @property
    def posts(self) -> "NDArray[np.int64]":
        """The number of the post of each entry."""
        return np.repeat(np.arange(len(self.indptr) - 1), np.diff(self.indptr))

    def alike(self) -> "NDArray[np.float32]":
        """Return how alike each two posts are: the cosine of their features, posts x posts."""
        count = len(self.indptr) - 1
        order = np.argsort(self.indices, kind="stable")
        posts, values = self.posts[order], self.values[order]
        _, feature, times = np.unique(self.indices[order], return_inverse=True, return_counts=True)
        is_common = times > _COMMON
        block = np.zeros((count, int(is_common.sum())), np.float32)
        common = is_common[feature]
        place = np.cumsum(is_common) - 1
        block[posts[common], place[feature[common]]] = values[common]
        alike = block @ block.T
        # The others pair by pair: those of one feature stand side by side.
        posts, values, feature = posts[~common], values[~common], feature[~common]
        for shift in range(1, _COMMON):
            same = np.flatnonzero(feature[shift:] == feature[:-shift])
            pair = posts[same] * count + posts[same + shift]
            both = np.bincount(pair, values[same] * values[same + shift], minlength=count * count)
            both = both.reshape(count, count)
            alike += (both + both.T).astype(np.float32)
        alike[np.diag_indices(count)] = np.diff(self.indptr) > 0
        return alike


@dataclass(frozen=True, eq=False)
class Lessons:
    """What posts teach some columns, all arrays posts x columns.

    `old` are the log-odds so far, `wanted` what they should become as probabilities, and `weight`
    how much each counts; 0 where the answer is not known.
    """

    old: "NDArray[np.float64]"
    wanted: "NDArray[np.float64]"
    weight: "NDArray[np.float64]"

    def without(self, posts: "NDArray[np.bool_]") -> "Lessons":
        """Return the lessons with some posts (a mask) teaching nothing."""
        return Lessons(self.old, self.wanted, np.where(posts[:, None], 0, self.weight))


def fit(alike: "NDArray[np.float32]", lessons: Lessons, stiffness: float) -> "NDArray[np.float64]":
    """Return how much each post pulls at each column (posts x columns).

    Minimises the weighted logistic loss plus half of `stiffness` times the squared change of the
    weights, by Nesterov's accelerated gradients in the space of the posts. The change of a post's
    log-odds is `moved`.
    """
    teaching = np.flatnonzero((lessons.weight > 0).any(axis=1))
    pull = np.zeros(lessons.old.shape)
    if not len(teaching):
        return pull
    kernel = alike[np.ix_(teaching, teaching)].astype(np.float64) + _BIAS
    old, wanted, weight = (part[teaching] for part in (lessons.old, lessons.wanted, lessons.weight))
    root = np.sqrt(weight.max(axis=1))
    steepest = 0.25 * _greatest(kernel * root[:, None] * root) + stiffness
    # The ratio of the momentum for a loss that bends at least by the stiffness.
    slowest = np.sqrt(stiffness / steepest)
    momentum = (1 - slowest) / (1 + slowest)
    here = ahead = np.zeros(old.shape)
    for _ in range(_STEPS):
        said = 1 / (1 + np.exp(-(old + kernel @ ahead)))
        step = (weight * (said - wanted) + stiffness * ahead) / steepest
        after = ahead - step
        ahead = after + momentum * (after - here)
        here = after
        if np.abs(step).max() * len(teaching) < _CLOSE_ENOUGH:
            break
    pull[teaching] = here
    return pull


def moved(alike: "NDArray[np.float32]", pull: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Return by how much the log-odds of posts change."""
    return np.asarray(alike @ pull + bias_of(pull))


def bias_of(pull: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Return the change of each column's bias, which is a feature of every post."""
    return np.asarray(_BIAS * pull.sum(axis=0))


def adapted(
    weights: Weights, columns: Sequence[str], rows: Rows, pull: "NDArray[np.float64]"
) -> Weights:
    """Return weights of which some columns moved as `pull` (posts of `rows` x columns) says.

    A column keeps its step, and other columns every byte. Most changes are smaller than a step;
    rounded one by one they would be lost. So each is rounded to the side that makes good what the
    ones before it have left in the posts' scores.
    """
    packed, biases = weights.rows.copy(), weights.bias.copy()
    own = own_weights(weights)
    order = np.argsort(rows.indices, kind="stable")
    posts, values = rows.posts[order], rows.values[order]
    names, starts = np.unique(rows.indices[order], return_index=True)
    for number, column in enumerate(columns):
        place = weights.columns.index(column)
        step = max(float(weights.scales[place]), _LEAST_STEP)
        parts = np.split(values * step / own[rows.indices[order]], starts[1:])
        change = np.add.reduceat(values * pull[posts, number], starts) * own[names] / step
        whole = _rounded(change, parts, np.split(posts, starts[1:]), len(pull))
        packed[names, place] = np.clip(packed[names, place] + whole, -_GREATEST, _GREATEST)
        biases[place] += bias_of(pull)[number]
    return dataclasses.replace(weights, rows=packed, bias=biases)


def _rounded(
    change: "NDArray[np.floating]",
    parts: "Sequence[NDArray[np.floating]]",
    posts: "Sequence[NDArray[np.int64]]",
    count: int,
) -> "NDArray[np.int64]":
    """Return whole numbers near `change`, one a feature, that keep the sums over posts.

    `parts` are what one step of a feature adds to the scores of its `posts`. A feature's own error
    counts, too, for the sake of posts that are not here.
    """
    low = np.floor(change).astype(np.int64)
    left = change - low
    errors = np.zeros(count)
    for feature in sorted(range(len(change)), key=lambda each: -len(posts[each])):
        part, own_posts = parts[feature], posts[feature]
        square, against = 2 * float(part @ part), 2 * float(errors[own_posts] @ part)
        down, up = -left[feature], 1 - left[feature]
        is_up = (square * up + against) * up < (square * down + against) * down
        low[feature] += is_up
        errors[own_posts] += (up if is_up else down) * part
    return np.asarray(low, np.int64)


def own_weights(weights: Weights) -> "NDArray[np.float32]":
    """Return what each feature weighs before the length of its post is divided out."""
    squares = weights.squares * np.float32(weights.square_scale)
    return np.asarray(np.sqrt(squares), np.float32)


def _greatest(matrix: "NDArray[np.float64]") -> float:
    """Return an upper estimate of the greatest eigenvalue, by power iteration."""
    vector = np.ones(len(matrix)) / np.sqrt(len(matrix))
    value = 0.0
    for _ in range(30):
        image = matrix @ vector
        value = float(np.linalg.norm(image))
        if value == 0:
            return 0.0
        vector = image / value
    return 1.05 * value
