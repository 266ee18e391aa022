"""Fit the shipped heads anew: python -m chorus.training.train FOLDER [--out FOLDER].

FOLDER holds the public sets named in `sources`, as Parquet; without it only our own posts teach.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from chorus.cards import Cards
from chorus.concepts import load_concepts
from chorus.heads import Heads, Scores, save_heads
from chorus.kernel import Weights
from chorus.kernel.weights import DEFAULT_ORDERS
from chorus.training import carding, held_out, plan, sources, tuning
from chorus.training.fitting import Counted
from chorus.training.sources import Example

SHIPPED = Path(__file__).parents[1] / "models"


def train(examples: Sequence[Example], say: Callable[[str], None]) -> Heads:
    """Return heads fitted on all examples, tuned and carded on scores of events held out."""
    concepts = load_concepts()
    counted = Counted.of([example.text for example in examples], concepts)
    say(f"{len(examples)} examples, {counted.matrix.nnz / len(examples):.0f} features each")
    columns = plan.COLUMNS
    raw = held_out.held_out_scores(examples, counted, columns, progress=say)
    known = tuning.Known.of(examples)
    tuned = tuning.tuning_of(known, columns, raw)
    weights = _fit_all(examples, counted, columns, say)
    heads = Heads(weights, tuned, Cards(()))
    scored = Scores(heads, raw * tuned.slope + tuned.intercept)
    return Heads(weights, tuned, carding.cards_of(known, scored, raw))


def _fit_all(
    examples: Sequence[Example],
    counted: Counted,
    columns: Sequence[str],
    say: Callable[[str], None],
) -> Weights:
    idf = counted.idf(np.arange(len(examples)))
    weighted = counted.weighted(idf)
    fitted = []
    for column in columns:
        task = plan.task_of(column, examples)
        fitted.append(
            weighted.fit(task.rows, task.yes, weight=task.weight, strength=plan.strength_of(column))
        )
        say(f"fitted {column} on {len(task.rows)} examples")
    return Weights.from_float(
        np.column_stack([column.over_all_rows(weighted.live) for column in fitted]),
        np.array([column.bias for column in fitted]),
        idf,
        columns=columns,
        orders=DEFAULT_ORDERS,
        phrasebook=load_concepts(),
    )


def main(arguments: Sequence[str]) -> None:
    """Train, and write the heads into the package or another folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    given = parser.parse_args(arguments)
    examples = sources.gather(given.folder)
    heads = train(examples, lambda line: print(line, file=sys.stderr, flush=True))  # noqa: T201 -- a tool
    save_heads(heads, given.out)


if __name__ == "__main__":
    main(sys.argv[1:])
