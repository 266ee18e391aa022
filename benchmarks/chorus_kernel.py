"""The kernel alone, on one core, on our own posts: python -m benchmarks.chorus_kernel."""

import ctypes
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.bench import figure
from chorus import corpus, kernel
from chorus.concepts import load_concepts
from chorus.kernel import build
from chorus.kernel.native import Texts, as_large_strings

POSTS = 32_768
AIM = 200_000
ALL_ORDERS = ((4,), (4, 5), (3, 4, 5))
FLOAT_COLUMNS = 64


def main() -> None:
    # One core, as in the aims.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    texts = posts()
    book = load_concepts()
    size = len("".join(texts.to_pylist()).encode()) / len(texts)
    figure("chorus.kernel.bytes_a_post", size, "bytes")
    speed("normalise", texts, lambda: kernel.normalise(texts))
    for orders in ALL_ORDERS:
        speed("features", texts, lambda o=orders: kernel.features(texts, orders=o), orders=orders)
    speed("features_and_concepts", texts, lambda: kernel.features(texts, book), orders=(4,))
    speed("places", texts, lambda: kernel.places(texts, book))
    for columns in (24, 60):
        for orders in ALL_ORDERS:
            measure_scores(texts, columns, orders, None)
        measure_scores(texts, columns, (4,), book)
    measure_floats(texts)


def posts() -> Any:
    """Our own posts in an order that mixes the languages, as often as it takes."""
    written = [post.text for post in corpus.every_post()]
    order = np.random.default_rng(0).integers(0, len(written), POSTS)
    return as_large_strings([written[place] for place in order])


def weights(columns: int, orders: Sequence[int], book: kernel.Phrasebook | None) -> kernel.Weights:
    """Random weights; a third of the rows are live, as after training on 25,000 posts."""
    random = np.random.default_rng(1)
    matrix = random.laplace(size=(kernel.ROWS, columns)).astype(np.float32)
    idf = random.uniform(1, 12, kernel.ROWS) * (random.random(kernel.ROWS) < 1 / 3)
    # Concepts are few and all of them known.
    idf[1 << 18 :] = 3
    names = [str(column) for column in range(columns)]
    return kernel.Weights.from_float(
        matrix, np.zeros(columns), idf, columns=names, orders=orders, phrasebook=book
    )


def measure_scores(
    texts: Any, columns: int, orders: Sequence[int], book: kernel.Phrasebook | None
) -> None:
    made = weights(columns, orders, book)
    speed(
        "score",
        texts,
        lambda: kernel.score(texts, made),
        aim=AIM if columns == 60 else None,
        columns=columns,
        orders=orders,
        concepts=book is not None,
        rows="int8",
    )


def measure_floats(texts: Any) -> None:
    """The same sums over rows of 64 floats, four cache lines each instead of one."""
    made = weights(60, (4,), None)
    rows = np.zeros((kernel.ROWS, FLOAT_COLUMNS), np.float32)
    rows[:, :60] = made.to_float()
    squares = made.squares * np.float32(made.square_scale)
    scores = np.empty((len(texts), FLOAT_COLUMNS), np.float32)
    given = Texts(texts)
    with tempfile.TemporaryDirectory() as folder:
        score = float_kernel(Path(folder))
        live = made.packed.live.ctypes.data
        speed(
            "score",
            texts,
            lambda: score(
                ctypes.byref(given),
                rows.ctypes.data,
                squares.ctypes.data,
                live,
                1 << 4,
                scores.ctypes.data,
            ),
            columns=60,
            orders=(4,),
            concepts=False,
            rows="float32",
        )


def float_kernel(folder: Path) -> Callable[..., int]:
    sources = [Path(__file__).with_name("chorus_kernel_float.c")]
    sources += [
        build.SOURCES / f"{name}.c" for name in ("features", "phrases", "normalise", "characters")
    ]
    made = folder / "float.so"
    command = [*build.compiler(), *build.FLAGS, f"-I{build.SOURCES}", *map(str, sources)]
    subprocess.run([*command, "-o", str(made), "-lm"], check=True)  # noqa: S603 -- the compiler
    function = ctypes.CDLL(str(made)).benchmark_float_score
    pointer = ctypes.c_void_p
    function.argtypes = (pointer, pointer, pointer, pointer, ctypes.c_uint32, pointer)
    function.restype = ctypes.c_int64
    return function


def speed(
    name: str, texts: pa.Array, run: Callable[[], object], *, aim: float | None = None, **more: Any
) -> None:
    """Print posts a second: the best of five runs, since neighbours only ever slow one down."""
    run()
    best = min(seconds(run) for _ in range(5))
    figure(f"chorus.kernel.{name}_posts_per_s", len(texts) / best, "posts/s", aim, **more)


def seconds(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
