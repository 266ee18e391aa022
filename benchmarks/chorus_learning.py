"""What a hundred labels of an event add to heads that never saw it; one JSON line at the end.

python -m benchmarks.chorus_learning FOLDER [SEED], where FOLDER holds crisislex_t26.parquet and the
other public sets that `chorus.training.sources` names. For each event of CrisisLexT26 the columns
of its types are fitted without it, 100 of its posts are learnt from, and up to 800 others are
answered before and after.
"""

import dataclasses
import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from chorus.concepts import load_concepts
from chorus.heads import Heads, load_heads
from chorus.kernel import Weights
from chorus.kernel.weights import value_of
from chorus.training import plan, sources
from chorus.training.adapting import own_weights
from chorus.training.evaluation import evaluate
from chorus.training.fitting import Counted
from chorus.training.labelled import Columns, Labelled
from chorus.training.learning import learn

LABELS, TEST = 100, 800
COLUMNS = Columns("text", "information_type")


def without(event, shipped, examples, counted):
    """Return the shipped heads with the types' columns fitted without an event."""
    held = np.array([example.event.lower() == event.lower() for example in examples])
    weighted = counted.weighted(counted.idf(np.flatnonzero(~held)))
    names = [name for name in plan.COLUMNS if name.startswith("coarse.")]
    tasks = [plan.task_of(name, examples).without(held) for name in names]
    fitted = [weighted.fit(task.rows, task.yes, weight=task.weight) for task in tasks]
    own = own_weights(shipped.weights)
    packed = Weights.from_float(
        np.column_stack([column.over_all_rows(weighted.live) for column in fitted]),
        np.array([column.bias for column in fitted]),
        own / value_of(np.arange(len(own))),
        columns=names,
    )
    parts = {name: getattr(shipped.weights, name).copy() for name in ("rows", "scales", "bias")}
    for number, name in enumerate(names):
        place = shipped.weights.columns.index(name)
        for part, array in parts.items():
            array[..., place] = getattr(packed, part)[..., number]
    weights = dataclasses.replace(shipped.weights, **parts)
    return Heads(weights, shipped.tuning, shipped.cards)


def tried(heads, posts, folder):
    """Return the macro F1 before and after, whether the head changed, and the seconds it took."""
    posts[:LABELS].write_parquet(folder / "labels.parquet")
    posts[LABELS : LABELS + TEST].write_parquet(folder / "test.parquet")
    test = Labelled(folder / "test.parquet", COLUMNS)
    start = time.perf_counter()
    labels = Labelled(folder / "labels.parquet", COLUMNS)
    learnt = learn(heads, "information", labels, given_at="2026-11-21")
    seconds = time.perf_counter() - start
    before = evaluate(heads, "information", test)["macro_f1"]
    after = evaluate(learnt.heads, "information", test)["macro_f1"]
    return before, after, learnt.report["is_kept"], seconds


def main(source, seed):
    examples = sources.gather(source)
    counted = Counted.of([example.text for example in examples], load_concepts())
    posts = pl.read_parquet(source / "crisislex_t26.parquet").unique("text", maintain_order=True)
    posts = posts.filter(~pl.col("information_type").is_in(["Not labeled", "Not applicable"]))
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for event in sorted(posts["event"].unique()):
            own = posts.filter(pl.col("event") == event).sample(fraction=1, shuffle=True, seed=seed)
            heads = without(event, load_heads(), examples, counted)
            found.append(tried(heads, own, Path(folder)))
            print(event, *(round(float(value), 4) for value in found[-1]), file=sys.stderr)
    before, after, kept, seconds = np.array(found).T
    gain = after - before
    figures = {
        "before": before.mean(),
        "after": after.mean(),
        "worst": gain.min(),
        "best": gain.max(),
        "changed": kept.sum(),
        "events": len(found),
        "seconds_mean": seconds.mean(),
        "seconds_most": seconds.max(),
    }
    print(json.dumps({name: round(float(value), 4) for name, value in figures.items()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
