"""The same counting inside a Spark cluster, when one machine is outgrown.

Each task reads its share of the posts and counts it with the very engine that `chorus analyse`
runs, into a state of its own; all that leaves a task is that state, one row of bytes without a post
or a text of fewer than k authors. The driver adds the states of a micro-batch up. Nothing is
shuffled, so no post lies in a shuffle file; Spark's checkpoint holds names of files only.

A post that two tasks read is found by its hashed id once their states are there: the later task is
then asked again, told which ids are not its own. Hashing posts to tasks first would find it, too,
but would write every post into shuffle files.
"""

import functools
import importlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlparse

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from chorus.analysis import fingerprint_of
from chorus.engine import Engine, Running
from chorus.foldable import Settings
from chorus.forgetting import NO_ACCOUNTS, IncidentKey, OfficialAccounts, OfficialAccountsError
from chorus.heads import HeadsError, load_heads
from chorus.inputs import Inputs, Marks, Options
from chorus.places import Gazetteer, GazetteerError, load_gazetteer
from chorus.process import Recipe
from chorus.reading import ReadingError
from chorus.seen import SeenIds
from chorus.state import State

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.streaming.query import StreamingQuery


class SparkError(Exception):
    """The job cannot be run; the message says what to do."""


# What a task gives: its number, the bytes of its state, and what went wrong while reading.
PART: Final = "part int, state binary, trouble string"
_PART: Final = pa.schema([("part", pa.int32()), ("state", pa.binary()), ("trouble", pa.string())])
_FILES: Final = "path string, modificationTime timestamp, length long, content binary"
_LINES: Final = "value string"

_GLOB: Final = re.compile(r"[\\*?\[\]{}]")

CHECKPOINT: Final = "spark-checkpoint"
_POSITION: Final = "spark"

# Unless the caller says otherwise. What Spark itself puts on a disk (results that are too large for
# memory, closures that are too large for a message) is encrypted, since the key is in a closure.
_SETTINGS: Final = {
    "spark.io.encryption.enabled": "true",
    "spark.log.level": "ERROR",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.files.maxPartitionBytes": str(64 << 20),
    "spark.sql.session.timeZone": "UTC",
    "spark.driver.maxResultSize": "4g",
}
_ON_ONE_MACHINE: Final = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}

# What a task may raise with a message of ours.
_SENTENCES: Final = (GazetteerError, HeadsError, OfficialAccountsError, SparkError)

Ids = NDArray[np.uint64]
Batches = Iterator[pa.RecordBatch]


@dataclass(frozen=True)
class Job:
    """What every task needs to count; small, so that it travels in the closure of the task.

    Paths are read by each executor, so they must lead to the same files everywhere.
    """

    settings: Settings
    secret: bytes = field(repr=False)
    heads: Path | None = None
    places: Path | None = None
    official: Path | None = None
    since: datetime | None = None
    until: datetime | None = None
    now: datetime | None = None
    mapping: Path | None = None
    format_name: str | None = None
    zone: str = "UTC"

    def options(self) -> Options:
        return Options(mapping=self.mapping, format_name=self.format_name, zone=self.zone)


@dataclass(frozen=True)
class Source:
    """Where posts come from: a file, or a folder that is being filled with whole files.

    With `by_lines` each line is a post and large files are shared among tasks; without it, a file
    is read by one task, in any format. `files_at_once` bounds a micro-batch.
    """

    path: str
    by_lines: bool = False
    files_at_once: int = 1000

    @property
    def is_on_disk(self) -> bool:
        """Whether executors can open the files by their paths."""
        return urlparse(self.path).scheme in {"", "file"}


def start(master: str | None, more: Mapping[str, str]) -> "SparkSession":
    """Return a Spark session; `master` is as for spark-submit. Raises SparkError without Spark."""
    try:
        # PySpark does not start a task without pandas, though none of it is used here.
        importlib.import_module("pandas")
        from pyspark.errors import PySparkException  # noqa: PLC0415 -- only for this command
        from pyspark.sql import SparkSession  # noqa: PLC0415 -- only for this command
    except ImportError as error:
        message = f"{error.name} is not installed; install tansiq[spark], and Java 17 or later."
        raise SparkError(message) from error
    builder = SparkSession.builder.appName("chorus")
    is_one_machine = master is not None and master.startswith("local")
    given = {**_SETTINGS, **(_ON_ONE_MACHINE if is_one_machine else {}), **more}
    for name, value in given.items():
        builder = builder.config(name, value)
    try:
        session = (builder if master is None else builder.master(master)).getOrCreate()
    except PySparkException as error:
        # Its words are about Java and addresses; no post was read yet.
        message = f"Spark does not start ({error}); is Java 17 or later installed?"
        raise SparkError(message) from error
    return session


class Submission:
    """A streaming query that counts into the state of a folder."""

    def __init__(self, session: "SparkSession", job: Job, source: Source, folder: Path) -> None:
        self._session = session
        self._job = job
        self._source = source
        self._folder = folder
        self._query = ""
        self._problem: Exception | None = None
        self.state = State(job.settings)
        self.troubles: list[str] = []

    def run(
        self, state: State, *, every: str | None = None, counted: Callable[[], None] | None = None
    ) -> None:
        """Count what is there into a state; with `every`, such as `60 seconds`, what comes, too.

        `counted` is called after each micro-batch that was saved. Raises SparkError, StateFileError
        or whatever `counted` raises.
        """
        self.state = state
        checkpoint = self._folder / CHECKPOINT
        self._require_same(checkpoint)

        def take(frame: "DataFrame", batch: int) -> None:
            try:
                if self._take(frame, batch) and counted is not None:
                    counted()
            except Exception as problem:
                self._problem = problem
                raise

        writer = self._opened().writeStream.foreachBatch(take)
        writer = writer.option("checkpointLocation", str(checkpoint.resolve()))
        trigger = {"availableNow": True} if every is None else {"processingTime": every}
        self._wait(writer.trigger(**trigger).start())

    def _wait(self, query: "StreamingQuery") -> None:
        from pyspark.errors import PySparkException  # noqa: PLC0415 -- only for this command

        try:
            query.awaitTermination()
        except PySparkException as error:
            if self._problem is not None and not isinstance(self._problem, PySparkException):
                raise self._problem from None
            # Spark's own words hold plans and traces; none of it may be repeated.
            message = (
                f"Spark gave up ({type(error).__name__}); what it counted is saved. Look into the "
                "logs of the executors, and submit again."
            )
            raise SparkError(message) from None
        finally:
            query.stop()

    def _require_same(self, checkpoint: Path) -> None:
        """Raise SparkError where the state was counted by another query, which this cannot know."""
        saved = self.state.position.get(_POSITION)
        if self.state.position and saved is None:
            message = "This state was counted without Spark; name another folder, and merge them."
            raise SparkError(message)
        is_begun = any((checkpoint / "commits").glob("[0-9]*"))
        if (saved is None and is_begun) or (saved and saved["query"] != _query_of(checkpoint)):
            message = (
                f"{CHECKPOINT} does not belong to this state; put the right one beside it, or "
                "begin in a new folder."
            )
            raise SparkError(message)

    def _frame(self) -> "DataFrame":
        reader = self._session.readStream.option("maxFilesPerTrigger", self._source.files_at_once)
        path = self._source.path
        if self._source.is_on_disk and Path(path).is_file():
            # Spark streams folders only: this one is its folder, less all other files.
            reader = reader.option("pathGlobFilter", _GLOB.sub(r"\\\g<0>", Path(path).name))
            path = str(Path(path).resolve().parent)
        if self._source.by_lines:
            return reader.schema(_LINES).text(path)
        files = reader.schema(_FILES).format("binaryFile").load(path)
        # Without the column, Spark does not read the files.
        return files.select("path") if self._source.is_on_disk else files.select("path", "content")

    def _opened(self) -> "DataFrame":
        from pyspark.errors import PySparkException  # noqa: PLC0415 -- only for this command

        try:
            return self._frame()
        except PySparkException as error:
            message = (
                f"Spark cannot read {self._source.path} ({type(error).__name__}); name a folder, a "
                "file or an address that the driver and all executors reach."
            )
            raise SparkError(message) from None

    def _take(self, frame: "DataFrame", batch: int) -> bool:
        """Count a micro-batch and save; return False for one that was counted before a crash."""
        self._query = self._query or _query_of(self._folder / CHECKPOINT)
        if batch <= self.state.position.get(_POSITION, {}).get("batch", -1):
            return False
        parts = self._parts(frame, None)
        # The later part is asked again; what it has in common with those before is theirs.
        common = doubles(self.state.seen, parts, self._job.settings)
        if common:
            parts |= self._parts(frame, common)
        for _, part in sorted(parts.items()):
            self.state.merge(part)
        self.state.position = {_POSITION: {"query": self._query, "batch": batch}}
        self.state.save(self._folder)
        return True

    def _parts(self, frame: "DataFrame", skipped: dict[int, bytes] | None) -> dict[int, State]:
        count = counter(self._job, by_lines=self._source.by_lines, skipped=skipped)
        parts = {}
        for row in frame.mapInArrow(count, PART).collect():
            parts[row.part] = State.from_bytes(bytes(row.state))
            self.troubles += [sentence for sentence in row.trouble.splitlines() if sentence]
        return parts


def doubles(seen: SeenIds, parts: Mapping[int, State], settings: Settings) -> dict[int, bytes]:
    """Return, by part, the ids that were seen before or that an earlier part counted, as bytes."""
    taken = SeenIds(settings)
    taken.merge(seen)
    found = {}
    for number, part in sorted(parts.items()):
        ids = _ids(part)
        is_first = taken.take(ids)
        if not is_first.all():
            found[number] = ids[~is_first].tobytes()
    return found


def counter(
    job: Job, *, by_lines: bool, skipped: dict[int, bytes] | None
) -> Callable[[Batches], Batches]:
    """Return what each task runs, for mapInArrow: from paths or lines to one row, its state.

    `skipped` gives the ids that are not a part's own; parts without any are then left out.
    """

    def count(batches: Batches) -> Batches:
        from pyspark import TaskContext  # noqa: PLC0415 -- there is one only inside a task

        context = TaskContext.get()
        part = 0 if context is None else context.partitionId()
        if skipped is not None and part not in skipped:
            for _ in batches:
                pass
            return
        ids = np.frombuffer((skipped or {}).get(part, b""), np.uint64)
        try:
            state, troubles = _counted(job, _opened(batches, by_lines=by_lines), ids)
        except _SENTENCES:
            raise
        except Exception as error:
            # Spark writes what is raised into its logs, and the words of a fault may be a post's.
            message = f"There was a fault of the program in a task ({type(error).__name__})."
            raise SparkError(message) from None
        row = {"part": [part], "state": [state.to_bytes()], "trouble": ["\n".join(troubles)]}
        yield pa.RecordBatch.from_pydict(row, schema=_PART)

    return count


def _counted(job: Job, files: Iterator[tuple[Path, str]], skipped: Ids) -> tuple[State, list[str]]:
    state = State(job.settings)
    state.seen.take(skipped)
    troubles = []
    engine = Engine(state, _recipe(job), Running(threads=1))
    for path, name in files:
        marks = Marks()
        try:
            trouble = engine.run(Inputs([path], job.options(), marks), marks).trouble
        except ReadingError as error:
            trouble = str(error)
        if trouble:
            # A file that came in a message has no name of its own.
            troubles.append(trouble.replace(path.name, name))
    state.position = {}
    own = np.setdiff1d(_ids(state), skipped)
    parts = {"newer": own, "older": np.empty(0, np.uint64)}
    state.seen = SeenIds.from_arrays(parts, job.settings)
    return state, troubles


def _opened(batches: Batches, *, by_lines: bool) -> Iterator[tuple[Path, str]]:
    """Yield files that can be opened by a path, with what they are called."""
    if by_lines:
        with _in_memory(_line_bytes(batches)) as path:
            if path.stat().st_size:
                yield path, "a part of the lines"
        return
    for batch in batches:
        for row in batch.to_pylist():
            name = urlparse(row["path"]).path.rpartition("/")[2]
            if "content" in row:
                with _in_memory(iter([row["content"]])) as path:
                    yield path, name
            else:
                yield Path(unquote(urlparse(row["path"]).path)), name


def _line_bytes(batches: Batches) -> Iterator[bytes]:
    for batch in batches:
        # As bytes: a line that is not UTF-8 is a wrong line, not a fault.
        lines = batch.column("value").cast(pa.binary()).to_pylist()
        yield b"".join(b"%b\n" % line for line in lines if line)


@contextmanager
def _in_memory(pieces: Iterator[bytes]) -> Iterator[Path]:
    """Give a file that is in memory only: no post may lie on an executor's disk."""
    handle = os.memfd_create("chorus")
    try:
        with os.fdopen(os.dup(handle), "wb") as file:
            file.writelines(pieces)
        yield Path(f"/proc/self/fd/{handle}")
    finally:
        os.close(handle)


@functools.lru_cache(maxsize=1)
def _recipe(job: Job) -> Recipe:
    """Return the recipe of a job; once for each process, whatever the number of its tasks."""
    key = IncidentKey(job.secret)
    heads = load_heads(job.heads)
    gazetteer = Gazetteer() if job.places is None else load_gazetteer(job.places)
    here = (fingerprint_of(heads), gazetteer.fingerprint)
    if here != (job.settings.heads, job.settings.gazetteer):
        message = "An executor has other heads or place names than the driver; install the same."
        raise SparkError(message)
    return Recipe(
        key=key,
        heads=heads,
        places=gazetteer.phrasebook() if gazetteer.places else None,
        official=NO_ACCOUNTS if job.official is None else OfficialAccounts.load(job.official, key),
        since=job.since,
        until=job.until,
        now=job.now,
    )


def _ids(state: State) -> Ids:
    arrays: Mapping[str, Any] = state.seen.arrays()
    return np.concatenate([arrays["newer"], arrays["older"]])


def _query_of(checkpoint: Path) -> str:
    """Return the number that Spark gave the query of a checkpoint; empty where there is none."""
    try:
        return str(json.loads((checkpoint / "metadata").read_text("utf-8"))["id"])
    except (OSError, ValueError, KeyError):
        return ""
