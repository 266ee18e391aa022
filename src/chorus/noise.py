"""Noise that hides one author's day, drawn by OpenDP (discrete Laplace; exact, no floats in it)."""

import functools
import math
from collections.abc import Mapping
from types import ModuleType
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

# More steps than rounding can ever ask for.
_STEPS: Final = 64


class Names(NamedTuple):
    """Which keys may be named: those with at least `threshold` after noise of `scale`."""

    counts: dict[int, int]
    scale: float
    threshold: int


@functools.cache
def _opendp() -> ModuleType:
    # Imported late: it is needed by one command, and takes a tenth of a second.
    import opendp.prelude as dp  # noqa: PLC0415 -- see above

    # OpenDP calls "contrib" what has a proof that its own committee has not vetted line by line.
    # That is so of all of its noise; ours is the discrete Laplace of Ghosh, Roughgarden and
    # Sundararajan (STOC 2009) and a threshold on it, each with a published proof. We enable this,
    # and neither "floating-point" nor "honest-but-curious", which would weaken what is promised.
    dp.enable_features("contrib")
    return dp


def scale_for(epsilon: float, sensitivity: int) -> float:
    """Return the scale of Laplace noise that costs `epsilon`; the mean error is about as large."""
    return sensitivity / epsilon


def with_noise(counts: NDArray[np.int64], *, epsilon: float, sensitivity: int) -> NDArray[np.int64]:
    """Return counts with noise, of the same shape; together they cost at most `epsilon`.

    `sensitivity` is by how much one author's day changes the counts in all.
    """
    dp = _opendp()
    space = dp.vector_domain(dp.atom_domain(T="i64")), dp.l1_distance(T="i64")
    scale = scale_for(epsilon, sensitivity)
    for _ in range(_STEPS):
        measurement = dp.m.make_laplace(*space, scale=scale)
        if measurement.map(sensitivity) <= epsilon:
            noisy = measurement(counts.reshape(-1).tolist())
            return np.array(noisy, np.int64).reshape(counts.shape)
        scale = math.nextafter(scale, math.inf)
    raise AssertionError("rounding takes one step")


def named_with_noise(
    counts: Mapping[int, int], *, epsilon: float, delta: float, sensitivity: int
) -> Names:
    """Return the keys whose noisy count passes a threshold, with these counts.

    A key that only one author's day brings in passes with a probability of at most `delta`, over
    all keys. One author's day changes at most `sensitivity` counts, each by one.
    """
    dp = _opendp()
    space = (
        dp.map_domain(dp.atom_domain(T="u64"), dp.atom_domain(T="i64")),
        dp.l01inf_distance(dp.absolute_distance(T="i64")),
    )
    bound = (sensitivity, sensitivity, 1)
    scale = scale_for(epsilon, sensitivity)
    threshold = 1 + math.ceil(scale * math.log(sensitivity / (2 * delta)))
    for _ in range(_STEPS):
        measurement = dp.m.make_laplace_threshold(*space, scale=scale, threshold=threshold)
        costs_epsilon, costs_delta = measurement.map(bound)
        if costs_epsilon <= epsilon and costs_delta <= delta:
            found: dict[Any, Any] = measurement(dict(counts))
            return Names({int(key): int(count) for key, count in found.items()}, scale, threshold)
        scale = math.nextafter(scale, math.inf) if costs_epsilon > epsilon else scale
        threshold += costs_delta > delta
    raise AssertionError("rounding takes few steps")


def margin(scale: float) -> int:
    """Return by how much the noise is smaller in 19 of 20 figures."""
    return math.ceil(scale * math.log(20))
