"""Batches through threads into one state: bounded in memory, saved as it goes, never twice.

One thread reads, some make observed posts of raw ones, and the caller's own thread counts them in
the order of the files. What was counted and how far reading had come are saved as one file, so a
run that is killed is taken up without losing or doubling a batch.
"""

import os
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyarrow as pa

from chorus.foldable import OBSERVED
from chorus.inputs import Inputs, Marks, Taken
from chorus.memo import Memo
from chorus.process import Recipe, left_out, process
from chorus.reading import ReadingError
from chorus.stages import Stages
from chorus.state import State

READING: Final = "reading"
PROCESSING: Final = "processing"

# Seconds between two saved states; more where saving takes long.
CHECKPOINT: Final = 10.0
_SAVING_SHARE: Final = 0.05
# How long a thread waits before it asks whether the run is to stop.
_PATIENCE: Final = 0.2

Observed = tuple[pa.Table, Counter[tuple[str, str]]]
# Called after each batch that was counted.
Counted = Callable[["Run"], None]


@dataclass(frozen=True)
class Running:
    """How a run is run. `folder` is where its state is saved; without one nothing is.

    With one thread everything happens in the caller's, in turn; there is then no reading ahead.
    """

    threads: int = field(default_factory=lambda: os.cpu_count() or 1)
    folder: Path | None = None
    checkpoint_every: float = CHECKPOINT
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass
class Run:
    """What a run has come to so far. `trouble` is why reading ended early, as a sentence."""

    state: State
    inputs: Inputs
    stages: Stages
    marks: Marks
    batches: int = 0
    consumed: int = 0  # bytes of the files behind the latest batch that was counted
    is_complete: bool = False
    trouble: str = ""
    # Wrong lines at the end of a file that may still be whole the next time.
    pending: Counter[str] = field(default_factory=Counter)
    pending_lines: dict[str, list[int]] = field(default_factory=dict)


class Engine:
    """Reads inputs into a state."""

    def __init__(self, state: State, recipe: Recipe, running: Running | None = None) -> None:
        self.state = state
        self._recipe = recipe
        self._running = running or Running()
        self._memo = Memo()
        self._stages = Stages()
        self._saved_at = time.monotonic()
        self._saving_took = 0.0

    def run(self, inputs: Inputs, marks: Marks, counted: Counted | None = None) -> Run:
        """Count all posts of the inputs from the marks on, and save the state where it is kept.

        A ReadingError in the middle ends the run early, and is in its `trouble`. Raises
        StateFileError if the state cannot be saved.
        """
        run = Run(self.state, inputs, self._stages, marks)
        self._saved_at = time.monotonic()
        stop = self._running.stop
        try:
            for taken, observed in self._observed(inputs):
                if stop.is_set():
                    break
                self._count(run, taken, observed)
                self._save_now_and_then(run)
                if counted is not None:
                    counted(run)
            else:
                run.is_complete = not stop.is_set()
        except ReadingError as error:
            run.trouble = str(error)
        self._save(run)
        # Only now, since a saved state must not hold what will be read again.
        self.state.ledger.drop(READING, run.pending)
        return run

    def _observed(self, inputs: Inputs) -> Iterator[tuple[Taken, Observed]]:
        if self._running.threads == 1:
            for taken in self._read(inputs):
                yield taken, self._work(taken)
            return
        with ThreadPoolExecutor(self._running.threads, "chorus") as pool:
            feed = _Feed(self._read(inputs), pool, self._work, self._running)
            try:
                yield from feed
            finally:
                feed.close()

    def _read(self, inputs: Inputs) -> Iterator[Taken]:
        batches = inputs.batches()
        while True:
            with self._stages.watch("read"):
                taken = next(batches, None)
            if taken is None:
                return
            yield taken

    def _work(self, taken: Taken) -> Observed:
        """Return the observed posts of a raw batch, and how many are left out by step and reason.

        A fault of ours costs the batch, not the run, and nothing of the exception is passed on but
        its kind: its words may be those of a post.
        """
        recipe = self._recipe
        try:
            table = process(taken.raw, recipe, self._memo, watch=self._stages.watch)
            return table, left_out(taken.raw, recipe)
        except Exception as error:
            reason = f"a fault of the program ({type(error).__name__})"
            lost = Counter({(PROCESSING, reason): len(taken.raw)})
        return OBSERVED.empty_table(), lost

    def _count(self, run: Run, taken: Taken, observed: Observed) -> None:
        table, lost = observed
        with self._stages.watch("count"):
            self.state.fold(table)
        ledger = self.state.ledger
        for (step, reason), posts in lost.items():
            ledger.drop(step, {reason: posts})
        if taken.is_passed:
            ledger.drop(READING, taken.faults)
            run.marks.pass_over(taken)
        else:
            run.pending.update(taken.faults)
            for reason, lines in taken.first_lines.items():
                run.pending_lines.setdefault(reason, []).extend(lines)
        run.batches += 1
        run.consumed = taken.consumed

    def _save_now_and_then(self, run: Run) -> None:
        pause = max(self._running.checkpoint_every, self._saving_took / _SAVING_SHARE)
        if time.monotonic() - self._saved_at >= pause:
            self._save(run)

    def _save(self, run: Run) -> None:
        self.state.position = run.marks.plain()
        if self._running.folder is None:
            return
        begun = time.monotonic()
        with self._stages.watch("save"):
            self.state.save(self._running.folder)
        self._saved_at = time.monotonic()
        self._saving_took = self._saved_at - begun


class _Feed:
    """Reads ahead in a thread of its own and hands on results in the order of reading.

    As many batches are under way as the queue holds, whatever the length of the stream.
    """

    def __init__(
        self,
        batches: Iterator[Taken],
        pool: ThreadPoolExecutor,
        work: Callable[[Taken], Observed],
        running: Running,
    ) -> None:
        self._batches = batches
        self._pool = pool
        self._work = work
        self._stop = running.stop
        self._closed = threading.Event()
        self._queue: queue.Queue[tuple[Taken, Future[Observed]] | Exception | None] = queue.Queue(
            running.threads + 1
        )
        self._thread = threading.Thread(target=self._read, name="chorus-reading", daemon=True)
        self._thread.start()

    def __iter__(self) -> Iterator[tuple[Taken, Observed]]:
        while not self._stop.is_set():
            try:
                item = self._queue.get(timeout=_PATIENCE)
            except queue.Empty:
                continue
            if item is None:
                return
            if isinstance(item, Exception):
                raise item
            taken, future = item
            yield taken, future.result()

    def close(self) -> None:
        """Stop reading and let go of what is under way."""
        self._closed.set()
        while not self._queue.empty():
            item = self._queue.get()
            if isinstance(item, tuple):
                item[1].cancel()
        self._thread.join(timeout=5)

    def _read(self) -> None:
        try:
            for taken in self._batches:
                if not self._put((taken, self._pool.submit(self._work, taken))):
                    return
            self._put(None)
        except Exception as error:
            self._put(error)

    def _put(self, item: tuple[Taken, Future[Observed]] | Exception | None) -> bool:
        while not (self._closed.is_set() or self._stop.is_set()):
            try:
                self._queue.put(item, timeout=_PATIENCE)
            except queue.Full:
                continue
            return True
        return False
