"""`chorus analyse`: posts in, a report out."""

import math
import os
import signal
import sys
import threading
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any, Final

import orjson

from chorus.analysis import AnalysisError, Prepared, held, prepare
from chorus.cli import arguments, summary
from chorus.cli.arguments import now
from chorus.cli.given import asked_of, request_of
from chorus.cli.start import without_pandas
from chorus.composing import picture_of
from chorus.engine import Engine, Run, Running
from chorus.foldable import SettingsDifferError
from chorus.forgetting import KeyFileError, OfficialAccountsError
from chorus.heads import HeadsError
from chorus.inputs import Inputs, Options
from chorus.places import GazetteerError
from chorus.reading import ReadingError
from chorus.report.guard import UnsafePictureError
from chorus.report.writing import ReportError, write_report
from chorus.state import StateFileError
from chorus.tags import HiddenTagsError

EXPECTED: Final = (
    AnalysisError,
    GazetteerError,
    HeadsError,
    HiddenTagsError,
    KeyFileError,
    OfficialAccountsError,
    ReadingError,
    ReportError,
    SettingsDifferError,
    StateFileError,
    UnsafePictureError,
)
_SECONDS_BETWEEN: Final = 60.0
_AT_ONCE: Final = ("html", "json")
_LOOKS: Final = 0.5  # seconds between two looks at a followed file


def register(parser: ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("posts", nargs="+", type=Path, help="files or folders of posts, in any format that is read")
    add("--incident", required=True, type=arguments.moment, metavar="MOMENT",
        help="when it happened, with its zone, such as 2026-05-13T07:30+07:00")  # fmt: skip
    arguments.add_report(parser)
    _add_reading(parser)
    _add_counting(parser)
    _add_running(parser)


def _add_reading(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--format", metavar="NAME", help="the format of the posts; without it, it is detected")
    add("--mapping", type=Path, metavar="FILE", help="which columns of a table are what")
    add("--zone", metavar="NAME",
        help="the zone of times without one, and of the report, such as Asia/Jakarta")  # fmt: skip
    add("--from", dest="since", type=arguments.moment, metavar="MOMENT",
        help="leave out earlier posts")  # fmt: skip
    add("--to", dest="until", type=arguments.moment, metavar="MOMENT",
        help="leave out posts of this moment and later")  # fmt: skip
    add("--follow", action="store_true", help="wait for more when the file ends, until ctrl-C")
    add("--until", dest="follow_until", type=arguments.moment, metavar="MOMENT",
        help="with --follow: when to end")  # fmt: skip
    add("--every", type=float, default=_SECONDS_BETWEEN, metavar="SECONDS",
        help="how often the report is renewed meanwhile (default: 60)")  # fmt: skip


def _add_counting(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--place-names", type=Path, metavar="FILE", help="the gazetteer: places to look for")
    add("--official", type=Path, metavar="FILE", help="accounts of authorities, one a line")
    add("--hide-tags", type=Path, metavar="FILE", help="hashtags never to show, one a line")
    add("--k", type=arguments.people, default=10, metavar="PEOPLE",
        help="the least number of authors behind whatever is shown (default: 10)")  # fmt: skip
    add("--heads", type=Path, metavar="FOLDER", help="heads that `chorus learn` wrote")
    add("--state", type=Path, metavar="FOLDER",
        help="keep the counts and their key here, to read on later")  # fmt: skip
    add("--key", type=Path, metavar="FILE", help="a key of the incident that lies elsewhere")


def _add_running(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--threads", type=int, default=os.cpu_count() or 1, metavar="N",
        help="threads at work (default: one for each core)")  # fmt: skip
    add("--quiet", action="store_true", help="say nothing but what went wrong")
    add("--verbose", action="store_true", help="say what is done, batch by batch")
    add("--stats", action="store_true", help="print what the run cost as a line of JSON")


def run(given: Namespace) -> int:
    """Analyse posts; return 0 when any were counted."""
    begun = time.monotonic()
    without_pandas()
    stop = threading.Event()
    with _stopping(stop), held(given.state):
        prepared = prepare(request_of(given))
        if "spark" in prepared.state.position:
            raise AnalysisError(
                "This state was counted inside Spark, which knows where reading stands; go on with"
                " chorus spark submit, or name another folder."
            )
        inputs = Inputs(given.posts, _options(given, stop), prepared.marks)
        running = Running(threads=max(1, given.threads), folder=given.state, stop=stop)
        with Reporter(given, prepared) as reporter:
            done = Engine(prepared.state, prepared.recipe, running).run(
                inputs, prepared.marks, reporter.counted
            )
            reporter.write(done)
    _say(given, done, has_stopped=stop.is_set(), seconds=time.monotonic() - begun)
    return 0 if done.state.ledger.kept else arguments.NOTHING_CAME_OUT


class Reporter:
    """Renews the report and the bar of progress while posts are counted."""

    def __init__(self, given: Namespace, prepared: Prepared) -> None:
        self._given = given
        self._prepared = prepared
        self._asked = asked_of(given, prepared)
        self._written_at = -math.inf
        self._bar: Any = None

    def __enter__(self) -> "Reporter":
        if sys.stderr.isatty() and not self._given.quiet:
            from tqdm import tqdm  # noqa: PLC0415 -- only people see a bar

            self._bar = tqdm(unit="B", unit_scale=True, dynamic_ncols=True, leave=False)
        return self

    def __exit__(self, *_error: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def counted(self, run: Run) -> None:
        """Show how far it is; write a report after the first posts, and now and then."""
        inputs = run.inputs
        if self._bar is not None:
            self._bar.total = None if self._given.follow else inputs.size
            self._bar.update(run.consumed - self._bar.n)
            self._bar.set_postfix_str(f"{run.state.ledger.read:,} posts", refresh=False)
        if self._given.verbose:
            ledger = run.state.ledger
            _tell(f"batch {run.batches}: {ledger.read:,} read, {ledger.kept:,} counted")
        is_due = time.monotonic() - self._written_at >= self._given.every
        # The last one is written in any case once everything is counted.
        is_going_on = self._given.follow or run.consumed < inputs.size
        if is_due and is_going_on and run.state.ledger.kept:
            self._write(run, self._formats_now())

    def _formats_now(self) -> tuple[str, ...]:
        """Return what is read at once for the first report; tables beside it must not be older."""
        formats = self._given.formats
        at_once = tuple(name for name in formats if name in _AT_ONCE)
        return formats if self._given.out.exists() else at_once or formats

    def write(self, run: Run) -> None:
        """Write the whole report of what is counted."""
        self._write(run, self._given.formats)

    def _write(self, run: Run, formats: tuple[str, ...]) -> None:
        given, inputs = self._given, run.inputs
        share = None if given.follow or not inputs.size else run.consumed / inputs.size
        with run.stages.watch("picture"):
            picture = picture_of(
                run.state,
                self._prepared.recipe.heads.cards,
                now(),
                replace(self._asked, share_read=share, is_complete=run.is_complete),
            )
        with run.stages.watch("report"):
            write_report(picture, given.out, languages=given.language, formats=formats)
        self._written_at = time.monotonic()


def _options(given: Namespace, stop: threading.Event) -> Options:
    return Options(
        mapping=given.mapping,
        format_name=given.format,
        zone=given.zone or "UTC",
        follow=_waiting(given.follow_until, stop) if given.follow else None,
    )


def _waiting(until: datetime | None, stop: threading.Event) -> Callable[[], bool]:
    """Return what a followed file asks at its end: whether to look again after a while."""

    def wait() -> bool:
        return not stop.wait(_LOOKS) and (until is None or now() < until)

    return wait


@contextmanager
def _stopping(stop: threading.Event) -> Iterator[None]:
    """Let the first ctrl-C end the run after the batch in hand, and the second at once."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = {each: signal.signal(each, end) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _say(given: Namespace, done: Run, *, has_stopped: bool, seconds: float) -> None:
    names = [path.name for path in given.posts]
    if not given.quiet:
        said = summary.sentences(done, names, has_stopped=has_stopped)
        for sentence in [*said, summary.whereabouts(given.out)]:
            _tell(sentence)
    elif done.trouble:
        _tell(done.trouble)
    if given.stats:
        cost = summary.stats(done, seconds=seconds, processor=time.process_time())
        line = orjson.dumps(cost)
        sys.stdout.write(f"{line.decode()}\n")


def _tell(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
