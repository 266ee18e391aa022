"""`chorus spark submit`: what `chorus analyse` does, inside a Spark cluster."""

import os
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import Final

import orjson

from chorus.analysis import AnalysisError, Prepared, held, prepare
from chorus.cli import arguments, summary
from chorus.cli.arguments import now
from chorus.cli.given import asked_of, request_of
from chorus.composing import picture_of
from chorus.foldable import SettingsDifferError
from chorus.forgetting import KeyFileError, OfficialAccountsError
from chorus.heads import HeadsError
from chorus.places import GazetteerError
from chorus.report.guard import UnsafePictureError
from chorus.report.writing import ReportError, write_report
from chorus.spark import Job, Source, SparkError, Submission, start
from chorus.state import StateFileError
from chorus.tags import HiddenTagsError

EXPECTED: Final = (
    AnalysisError,
    GazetteerError,
    HeadsError,
    HiddenTagsError,
    KeyFileError,
    OfficialAccountsError,
    ReportError,
    SettingsDifferError,
    SparkError,
    StateFileError,
    UnsafePictureError,
)
_SECONDS_BETWEEN: Final = 60.0


def register(parser: ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("action", choices=("submit",), metavar="ACTION", help="submit")
    add("posts", help="a folder of posts, a file, or an address that Spark can read")
    add("--incident", required=True, type=arguments.moment, metavar="MOMENT",
        help="when it happened, with its zone, such as 2026-05-13T07:30+07:00")  # fmt: skip
    arguments.add_report(parser)
    add("--state", required=True, type=Path, metavar="FOLDER",
        help="keeps the counts, their key and Spark's checkpoint")  # fmt: skip
    _add_spark(parser)
    _add_posts(parser)


def _add_spark(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--master", metavar="ADDRESS",
        help="as for spark-submit, such as local[4] (default: as configured)")  # fmt: skip
    add("--set", type=_setting, action="append", default=[], metavar="NAME=VALUE",
        help="a setting of Spark; may be given several times")  # fmt: skip
    add("--lines", action="store_true",
        help="each line is a post: large files are shared among tasks")  # fmt: skip
    add("--files-at-once", type=int, default=1000, metavar="N",
        help="most files of a micro-batch (default: 1000)")  # fmt: skip
    add("--follow", action="store_true", help="go on with files that come, until ctrl-C")
    add("--every", type=float, default=_SECONDS_BETWEEN, metavar="SECONDS",
        help="with --follow: how often (default: 60)")  # fmt: skip
    add("--quiet", action="store_true", help="say nothing but what went wrong")
    add("--stats", action="store_true", help="print what the run cost as a line of JSON")


def _add_posts(parser: ArgumentParser) -> None:
    add = parser.add_argument

    add("--format", metavar="NAME", help="the format of the posts; without it, it is detected")
    add("--mapping", type=Path, metavar="FILE", help="which columns of a table are what")
    add("--zone", metavar="NAME", help="the zone of times without one, and of the report")
    add("--from", dest="since", type=arguments.moment, metavar="MOMENT",
        help="leave out earlier posts")  # fmt: skip
    add("--to", dest="until", type=arguments.moment, metavar="MOMENT",
        help="leave out posts of this moment and later")  # fmt: skip
    add("--place-names", type=Path, metavar="FILE", help="the gazetteer: places to look for")
    add("--official", type=Path, metavar="FILE", help="accounts of authorities, one a line")
    add("--hide-tags", type=Path, metavar="FILE", help="hashtags never to show, one a line")
    add("--k", type=arguments.people, default=10, metavar="PEOPLE",
        help="the least number of authors behind whatever is shown (default: 10)")  # fmt: skip
    add("--heads", type=Path, metavar="FOLDER", help="heads that `chorus learn` wrote")
    add("--key", type=Path, metavar="FILE", help="a key of the incident that lies elsewhere")


def run(given: Namespace) -> int:
    """Count posts in a cluster; return 0 when any were counted."""
    begun = time.monotonic()
    if given.master is not None and given.master.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    with held(given.state):
        prepared = prepare(request_of(given))
        asked = asked_of(given, prepared)

        def report() -> None:
            cards = prepared.recipe.heads.cards
            picture = picture_of(prepared.state, cards, now(), asked)
            write_report(picture, given.out, languages=given.language, formats=given.formats)

        session = start(given.master, dict(given.set))
        started = time.monotonic()
        try:
            source = Source(given.posts, by_lines=given.lines, files_at_once=given.files_at_once)
            submission = Submission(session, _job(given, prepared), source, given.state)
            every = f"{given.every} seconds" if given.follow else None
            submission.run(prepared.state, every=every, counted=report if given.follow else None)
            counted = time.monotonic()
        finally:
            session.stop()
        report()
    _say(given, prepared, submission, (begun, started, counted))
    return 0 if prepared.state.ledger.kept else arguments.NOTHING_CAME_OUT


def _setting(words: str) -> tuple[str, str]:
    name, equals, value = words.partition("=")
    if not equals or not name.startswith("spark."):
        message = f"{words!r} is no setting of Spark; write it as spark.executor.memory=8g."
        raise ArgumentTypeError(message)
    return name, value


def _job(given: Namespace, prepared: Prepared) -> Job:
    recipe = prepared.recipe
    return Job(
        settings=prepared.state.settings,
        secret=recipe.key.secret,
        heads=given.heads,
        places=given.place_names,
        official=given.official,
        since=recipe.since,
        until=recipe.until,
        now=recipe.now,
        mapping=given.mapping,
        format_name=given.format,
        zone=given.zone or "UTC",
    )


def _say(
    given: Namespace,
    prepared: Prepared,
    submission: Submission,
    moments: tuple[float, float, float],
) -> None:
    begun, started, counted = moments
    ledger = prepared.state.ledger
    if not given.quiet:
        said = [f"{ledger.read:,} posts and lines were read, {ledger.kept:,} posts are counted."]
        said += summary.left_out(ledger, {})
        said += [*submission.troubles, summary.whereabouts(given.out)]
        sys.stderr.writelines(f"{sentence}\n" for sentence in said)
    if given.stats:
        seconds = counted - started
        stats = {
            "posts": ledger.read,
            "kept": ledger.kept,
            "start_s": round(started - begun, 3),
            "seconds": round(seconds, 3),
            "posts_per_s": round(ledger.read / seconds),
        }
        sys.stdout.write(f"{orjson.dumps(stats).decode()}\n")
