"""How well the heads do on events they have not seen: one JSON line a figure.

Run with `make eval-chorus` (DATA=folder of the public sets). Heads are fitted anew for every event,
with that event left out whole; the shipped ones have seen all of them. Without the public sets only
our own posts are asked, and the lines of CrisisLex are missing.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from chorus import corpus, labels
from chorus.cards import Cards, Figure
from chorus.concepts import load_concepts
from chorus.heads import COARSE_PREFIX, LANGUAGE_PREFIX, Heads, Scores
from chorus.kernel import Weights
from chorus.training import carding, figures, held_out, plan, sources, tuning
from chorus.training.fitting import Counted

DATA = Path("../shared/data/listening")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    given = parser.parse_args(arguments)
    if not given.data.is_dir():
        print(f"{given.data} is not there: our own posts alone are asked.", file=sys.stderr)
    examples = sources.gather(given.data if given.data.is_dir() else None)
    counted = Counted.of([example.text for example in examples], load_concepts())
    raw = held_out.held_out_scores(
        examples, counted, plan.COLUMNS, progress=lambda line: print(line, file=sys.stderr)
    )
    known = tuning.Known.of(examples)
    tuned = tuning.tuning_of(known, plan.COLUMNS, raw)
    heads = Heads(_no_weights(), tuned, Cards(()))
    scored = Scores(heads, raw * tuned.slope + tuned.intercept)
    cards = carding.cards_of(known, scored, raw)
    for line in (*_named(known, raw), *_of_cards(cards)):
        print(orjson.dumps(line).decode(), flush=True)


def _no_weights() -> Weights:
    """Columns without weights: here scores come from the folds."""
    from chorus.kernel import ROWS

    count = len(plan.COLUMNS)
    empty = np.zeros((ROWS, count), np.float32)
    bias = np.zeros(count, np.float32)
    return Weights.from_float(empty, bias, np.zeros(ROWS, np.float32), columns=plan.COLUMNS)


def _of_cards(cards: Cards) -> Iterator[dict[str, Any]]:
    heads = {*labels.HEADS, labels.LANGUAGE, carding.COARSE_HEAD}
    for card in cards.cards:
        for figure in card.figures:
            if figure.name in heads:
                yield _line(f"chorus.{figure.name}.{figure.language}", figure)


def _line(name: str, figure: Figure) -> dict[str, Any]:
    return {
        "figure": name,
        "value": figure.f1,
        "low": figure.low,
        "high": figure.high,
        "test": figure.test,
        "posts": figure.posts,
    }


def _named(known: tuning.Known, raw: "np.ndarray[Any, Any]") -> Iterator[dict[str, Any]]:
    columns = plan.COLUMNS
    types = [number for number, name in enumerate(columns) if name.startswith(COARSE_PREFIX)]
    rows = (known.coarse != sources.NO_TYPE) & ~np.isnan(raw[:, types[0]])
    if rows.any():
        said = raw[rows][:, types].argmax(axis=1)
        yield _macro(
            "chorus.t26_information_f1", known.coarse[rows], said, known.event[rows], aim=0.66
        )
        events = {
            event: figures.macro_f1(
                known.coarse[rows][known.event[rows] == event],
                said[known.event[rows] == event],
                sorted(set(known.coarse[rows][known.event[rows] == event])),
            )
            for event in sorted(set(known.event[rows]))
        }
        yield {"figure": "chorus.t26_information_f1_mean_of_events", "value": _mean(events)}
        yield {"figure": "chorus.t26_information_f1_by_event", "value": _rounded(events)}
        key = "informative.informative"
        number = columns.index(key)
        rows = (known.source == sources.CRISISLEX_T26) & known.tested(key, raw[:, number])
        # Fitted with balanced classes, so that 0 is the border without any tuning.
        yield _macro(
            "chorus.t26_informative_f1",
            known.answers(key)[rows],
            raw[rows, number] > 0,
            known.event[rows],
            aim=0.78,
        )
    spoken = [columns.index(f"{LANGUAGE_PREFIX}{language}") for language in corpus.LANGUAGES]
    rows = np.isin(known.language, corpus.LANGUAGES) & ~np.isnan(raw[:, spoken[0]])
    names = np.array(corpus.LANGUAGES)
    for test, part in (
        ("", rows & (known.source == sources.OWN)),
        ("_all_sources", rows & (known.source != sources.WORDS)),
    ):
        said, true = names[raw[part][:, spoken].argmax(axis=1)], known.language[part]
        yield _macro(f"chorus.language_f1{test}", true, said, known.event[part], aim=0.93)
        merged = np.where(true == "ms", "id", true), np.where(said == "ms", "id", said)
        yield _macro(f"chorus.language_merged{test}", *merged, known.event[part], aim=0.985)


def _macro(name: str, true: Any, said: Any, events: Any, *, aim: float) -> dict[str, Any]:
    classes = sorted(set(true))
    value = figures.macro_f1(true, said, classes)
    chance = np.random.default_rng(0)
    by_event = [np.flatnonzero(events == event) for event in sorted(set(events))]
    draws = []
    for _ in range(200):
        chosen = np.concatenate(
            [by_event[i] for i in chance.integers(0, len(by_event), len(by_event))]
        )
        draws.append(figures.macro_f1(true[chosen], said[chosen], classes))
    low, high = np.quantile(draws, (0.05, 0.95))
    return {
        "figure": name,
        "value": round(value, 4),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
        "aim": aim,
        "posts": len(true),
        "events": len(by_event),
    }


def _mean(values: dict[str, float]) -> float:
    return round(float(np.mean(list(values.values()))), 4)


def _rounded(values: dict[str, float]) -> dict[str, float]:
    return {str(name): round(value, 3) for name, value in values.items()}


if __name__ == "__main__":
    main(sys.argv[1:])
