"""`chorus evaluate`: how well a head does on posts that somebody labelled."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

import orjson
from tqdm import tqdm

from chorus.heads import HeadsError, load_heads
from chorus.training.evaluation import HEADS, evaluate
from chorus.training.foreign import ForeignError
from chorus.training.labelled import Columns, Labelled, LabelledError

EXPECTED: Final = (LabelledError, ForeignError, HeadsError)


def register(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="CSV, TSV, Parquet, JSON Lines, JSON or XLSX"
    )
    parser.add_argument("--text", required=True, metavar="COLUMN", help="where the texts stand")
    parser.add_argument("--label", required=True, metavar="COLUMN", help="where the labels stand")
    parser.add_argument("--head", required=True, choices=HEADS, help="the head that is evaluated")
    parser.add_argument(
        "--map", type=Path, metavar="FILE", help="what their labels mean (TOML, JSON or CSV)"
    )
    parser.add_argument(
        "--event", metavar="COLUMN", help="which event a post belongs to; intervals are over events"
    )
    parser.add_argument(
        "--language-column", metavar="COLUMN", help="which language a post has, for the table of it"
    )
    parser.add_argument(
        "--open", action="store_true", help="answer as `analyse` does, 'none of these' included"
    )
    parser.add_argument(
        "--heads", type=Path, metavar="FOLDER", help="heads that `chorus learn` wrote"
    )
    parser.add_argument("--limit", type=int, metavar="N", help="read the first N rows only")


def run(arguments: Namespace) -> int:
    """Print the figures as one JSON object."""
    if arguments.limit is not None and arguments.limit < 1:
        raise LabelledError("--limit wants a number of rows, 1 or more.")
    columns = Columns(arguments.text, arguments.label, arguments.event, arguments.language_column)
    heads = load_heads(arguments.heads)
    with tqdm(unit=" posts", unit_scale=True, disable=None, file=sys.stderr) as bar:

        def show(done: int, whole: int) -> None:
            bar.total = whole
            bar.update(done - bar.n)

        report = evaluate(
            heads,
            arguments.head,
            Labelled(arguments.file, columns, arguments.limit),
            map_file=arguments.map,
            is_open=arguments.open,
            progress=show,
        )
    sys.stdout.write(orjson.dumps(report, option=orjson.OPT_INDENT_2).decode() + "\n")
    return 0
