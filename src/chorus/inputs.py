"""The files of a run, one after the other, each read on from where an earlier run stood.

Where reading stands is kept by a hash of a file's path, so that no path is in a saved state.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import polars as pl

from chorus.reading import Faults, Folder, Position, ReadingError, Stream, open_stream
from chorus.reading.faults import FIRST_LINES
from chorus.reading.rows import RAW_BATCH
from chorus.reading.source import Wait

_FILES: Final = "files"
_LINES: Final = "lines"


@dataclass(frozen=True)
class Options:
    """How the files are to be read; see `chorus.reading.open_stream`."""

    mapping: Path | None = None
    format_name: str | None = None
    zone: str = "UTC"
    follow: Wait | None = None


@dataclass(frozen=True, eq=False)
class Taken:
    """A raw batch, the place after it, and the wrong lines since the batch before.

    Where `is_passed` is not true, the place is that of the batch before: the wrong lines may be
    whole the next time, and must not be counted for good.
    """

    raw: pl.DataFrame
    file: str
    position: Position
    faults: Counter[str]
    first_lines: Mapping[str, list[int]]
    consumed: int = 0  # bytes of all files read when it was handed out
    is_passed: bool = True


@dataclass
class Marks:
    """Where reading stands in each file, and the first wrong lines by reason; all as JSON has it.

    Line numbers are of the file that the line is in.
    """

    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, position: Mapping[str, Any]) -> "Marks":
        """Return the marks of a saved position; an empty one is the beginning."""
        return cls(
            {name: dict(mark) for name, mark in position.get(_FILES, {}).items()},
            {reason: list(lines) for reason, lines in position.get(_LINES, {}).items()},
        )

    def plain(self) -> dict[str, Any]:
        """Return them as they are saved."""
        return {
            _FILES: {name: dict(mark) for name, mark in self.files.items()},
            _LINES: {reason: list(lines) for reason, lines in self.lines.items()},
        }

    def pass_over(self, taken: Taken) -> None:
        """Stand after a batch."""
        self.files[taken.file] = asdict(taken.position)
        for reason, lines in taken.first_lines.items():
            known = self.lines.setdefault(reason, [])
            known.extend(line for line in lines[: FIRST_LINES - len(known)] if line not in known)

    def start(self, file: str) -> Position:
        """Return the place to read a file on from."""
        return Position(**self.files[file]) if file in self.files else Position()


class Inputs:
    """Some files or folders of posts. All are opened at once, so that a wrong name is said first.

    Raises a ReadingError whose sentence says what to do.
    """

    def __init__(self, paths: Sequence[Path], options: Options, marks: Marks) -> None:
        if options.follow is not None and len(paths) > 1:
            raise ReadingError("Only one file can be followed; start one run for each.")
        self._marks = marks
        self.streams: dict[str, Stream | Folder] = {}
        for path in paths:
            if name_of(path) in self.streams:
                raise ReadingError(f"{path.name} is named twice; name it once.")
            self.streams[name_of(path)] = open_stream(
                path,
                mapping=options.mapping,
                follow=options.follow,
                format_name=options.format_name,
                zone=options.zone,
            )

    @property
    def formats(self) -> list[str]:
        """What the files are, in words, each kind once."""
        return list(dict.fromkeys(stream.format for stream in self.streams.values()))

    @property
    def remarks(self) -> list[str]:
        """Sentences about the files, for the report, each once."""
        return list(dict.fromkeys(said for each in self.streams.values() for said in each.remarks))

    @property
    def size(self) -> int:
        """How many bytes the files have on disk."""
        return sum(stream.size for stream in self.streams.values())

    @property
    def consumed(self) -> int:
        """How many of them were read so far."""
        return sum(stream.consumed for stream in self.streams.values())

    def batches(self) -> Iterator[Taken]:
        """Yield the raw batches of all files in order."""
        for file, stream in self.streams.items():
            place = self._marks.start(file)
            before = Faults()
            for raw, position in stream.batches(place):
                now = stream.faults.copy()
                counts, lines = _since(before, now)
                yield Taken(raw, file, position, counts, lines, self.consumed, position != place)
                before, place = now, position
            # What was counted behind the latest batch.
            counts, lines = _since(before, stream.faults)
            if counts:
                yield Taken(_no_posts(), file, place, counts, lines, self.consumed, is_passed=False)


def name_of(path: Path) -> str:
    """Return what stands for a path in a saved state."""
    return hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]


def _since(before: Faults, now: Faults) -> tuple[Counter[str], dict[str, list[int]]]:
    lines = {
        reason: [line for line in found if line not in before.first_lines.get(reason, [])]
        for reason, found in now.first_lines.items()
    }
    return now.counts - before.counts, {reason: some for reason, some in lines.items() if some}


def _no_posts() -> pl.DataFrame:
    return RAW_BATCH.to_frame()
