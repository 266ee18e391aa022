"""`chorus learn`: make a head better for a running incident with posts that analysts labelled."""

import datetime as dt
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

import orjson

from chorus.heads import HeadsError, load_heads, save_heads
from chorus.training.evaluation import HEADS
from chorus.training.foreign import ForeignError
from chorus.training.labelled import Columns, Labelled, LabelledError
from chorus.training.learning import LearningError, learn

EXPECTED: Final = (LabelledError, ForeignError, HeadsError, LearningError)


def register(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="CSV, TSV, Parquet, JSON Lines, JSON or XLSX"
    )
    parser.add_argument("--text", required=True, metavar="COLUMN", help="where the texts stand")
    parser.add_argument("--label", required=True, metavar="COLUMN", help="where the labels stand")
    parser.add_argument("--head", required=True, choices=HEADS, help="the head that learns")
    parser.add_argument(
        "--out", required=True, type=Path, metavar="FOLDER", help="where the heads are written"
    )
    parser.add_argument(
        "--map", type=Path, metavar="FILE", help="what their labels mean (TOML, JSON or CSV)"
    )
    parser.add_argument(
        "--heads", type=Path, metavar="FOLDER", help="heads to start from, such as earlier ones"
    )


def run(arguments: Namespace) -> int:
    """Learn, write the heads, and print what was found as one JSON object."""
    # The moment goes into the card, to the minute.
    now = dt.datetime.now(dt.UTC)  # noqa: TID251 -- a command is where the clock is read
    learnt = learn(
        load_heads(arguments.heads),
        arguments.head,
        Labelled(arguments.file, Columns(arguments.text, arguments.label)),
        given_at=now.isoformat(timespec="minutes"),
        map_file=arguments.map,
    )
    save_heads(learnt.heads, arguments.out)
    report = {**learnt.report, "written_to": str(arguments.out)}
    sys.stdout.write(orjson.dumps(report, option=orjson.OPT_INDENT_2).decode() + "\n")
    return 0
