"""Rows of labelled files, as they come: CSV and its kin, Parquet, JSON Lines, JSON, XLSX.

Packed ones too (gzip, bzip2, xz, zstd). A file is read row by row and may be read again.
"""

import bz2
import codecs
import csv
import gzip
import io
import itertools
import lzma
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final, Literal, cast

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import python_calamine
import zstandard

_DELIMITERS: Final = (",", "\t", ";", "|")
_PIECE: Final = 1 << 20
_LONGEST_FIELD: Final = 1 << 24
_BATCH: Final = 8_192
_HEAD: Final = 1 << 16
# How packed files begin.
_PACKED: Final = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
}
_DAMAGED: Final = (EOFError, gzip.BadGzipFile, lzma.LZMAError, zstandard.ZstdError)

# Why a line gave no row.
NOT_JSON: Final = "the line is not a JSON object"
WRONG_WIDTH: Final = "the row has fewer columns than the head"


class LabelledError(ValueError):
    """A labelled file cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Columns:
    """Where in a row things stand; names within names with dots between them."""

    text: str
    label: str
    event: str | None = None
    language: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that are wanted."""
        names = (self.text, self.label, self.event, self.language)
        return tuple(name for name in names if name is not None)


@dataclass(frozen=True)
class Row:
    """One labelled post. `cell` is the label as it stands in the file."""

    text: str
    cell: Any
    event: str | None
    language: str | None


@dataclass
class Labelled:
    """A labelled file. `faults` counts the lines of the latest reading that gave no row."""

    path: Path
    columns: Columns
    limit: int | None = None
    faults: Counter[str] = field(default_factory=Counter)
    remarks: list[str] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """Yield the rows. Raises LabelledError for what is no table, or lacks a column."""
        self.faults.clear()
        self.remarks.clear()
        try:
            for found in itertools.islice(self._objects(), self.limit):
                yield self._row(found)
        except _DAMAGED as problem:
            message = f"{self.path.name} is cut short or damaged; copy it anew."
            raise LabelledError(message) from problem

    def _row(self, found: "dict[str, Any]") -> Row:
        columns = self.columns
        text, event, language = (
            None if name is None else _plain(_at(found, name))
            for name in (columns.text, columns.event, columns.language)
        )
        return Row(text or "", _at(found, columns.label), event, language)

    def _objects(self) -> Iterator[dict[str, Any]]:
        if self.path.is_dir():
            raise LabelledError(f"{self.path} is a folder; name one file in it.")
        with _opened(self.path) as file:
            head = file.read(_HEAD)
        if not head:
            raise LabelledError(f"{self.path.name} is empty; give a file with labelled posts.")
        if head.startswith(b"PAR1"):
            return self._parquet()
        if head.startswith(b"PK\x03\x04"):
            return self._workbook()
        if head.lstrip(codecs.BOM_UTF8 + b" \t\r\n")[:1] in {b"{", b"["}:
            return self._json(head)
        if b"\0" in head and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            message = f"{self.path.name} is neither a table nor JSON; give CSV, JSON or Parquet."
            raise LabelledError(message)
        return self._table()

    # -- Parquet and workbooks -------------------------------------------------------------------

    def _parquet(self) -> Iterator[dict[str, Any]]:
        try:
            file = pq.ParquetFile(self.path)
        except pa.ArrowException as problem:
            message = f"{self.path.name} is a damaged Parquet file; copy it anew."
            raise LabelledError(message) from problem
        with file:
            tops = list(dict.fromkeys(_top(name, file.schema_arrow.names) for name in self._wanted))
            self._check(file.schema_arrow.names, tops)
            for batch in file.iter_batches(batch_size=_BATCH, columns=tops):
                yield from batch.to_pylist()

    @property
    def _wanted(self) -> tuple[str, ...]:
        return self.columns.names

    def _workbook(self) -> Iterator[dict[str, Any]]:
        try:
            sheet = python_calamine.CalamineWorkbook.from_path(str(self.path)).get_sheet_by_index(0)
        except (python_calamine.CalamineError, OSError, ValueError) as problem:
            message = f"{self.path.name} is not a workbook that can be read; save it as CSV."
            raise LabelledError(message) from problem
        rows = sheet.iter_rows()
        head = [str(name).strip() for name in next(rows, [])]
        self._check(head, self._wanted)
        for row in rows:
            if any(cell != "" for cell in row):
                yield dict(zip(head, row, strict=False))

    # -- JSON ------------------------------------------------------------------------------------

    def _json(self, head: bytes) -> Iterator[dict[str, Any]]:
        first = head.removeprefix(codecs.BOM_UTF8).lstrip().split(b"\n", 1)[0]
        try:
            found = orjson.loads(first)
            is_lines = isinstance(found, dict) and not _holds_rows(found)
        except orjson.JSONDecodeError:
            # One object over many lines, a list, or a first line longer than the head.
            is_lines = first.startswith(b"{") and len(first) > 1 and first.strip() != b"{"
        return self._checked_objects(self._json_lines() if is_lines else self._json_document())

    def _checked_objects(self, found: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Pass objects on; a column that none of the first has is taken for a slip."""
        first = list(itertools.islice(found, _BATCH))
        names = list(dict.fromkeys(name for each in first for name in each))
        missing = [
            name
            for name in self._wanted
            if not any(_at(each, name, _ABSENT) is not _ABSENT for each in first)
        ]
        if missing:
            self._check(names, missing)
        yield from first
        yield from found

    def _json_lines(self) -> Iterator[dict[str, Any]]:
        with _opened(self.path) as file:
            for line in file:
                stripped = line.removeprefix(codecs.BOM_UTF8).strip()
                if not stripped:
                    continue
                try:
                    found = orjson.loads(stripped)
                except orjson.JSONDecodeError:
                    found = None
                if isinstance(found, dict):
                    yield found
                else:
                    self.faults[NOT_JSON] += 1

    def _json_document(self) -> Iterator[dict[str, Any]]:
        with _opened(self.path) as file:
            text = file.read()
        try:
            document = orjson.loads(text.removeprefix(codecs.BOM_UTF8))
        except orjson.JSONDecodeError as problem:
            message = f"{self.path.name} is not JSON; give a list of objects or one object a line."
            raise LabelledError(message) from problem
        if isinstance(document, dict):
            lists = [each for each in document.values() if isinstance(each, list)]
            document = max(lists, key=len, default=[document])
        for found in document:
            if isinstance(found, dict):
                yield found
            else:
                self.faults[NOT_JSON] += 1

    # -- Tables as text --------------------------------------------------------------------------

    def _table(self) -> Iterator[dict[str, Any]]:
        csv.field_size_limit(_LONGEST_FIELD)
        encoding = self._encoding()
        with self._text(encoding) as file:
            head = next((line for line in file if line.strip()), "")
        delimiter, names = self._delimiter(head)
        quoting = self._quoting(encoding, delimiter, len(names))
        with self._text(encoding) as file:
            rows = csv.reader(_without_nothing(file), delimiter=delimiter, quoting=quoting)
            next((row for row in rows if row), None)
            try:
                yield from self._table_rows(rows, names)
            except csv.Error as problem:
                message = (
                    f"{self.path.name}, line {rows.line_num}: a cell never ends; "
                    "look for a quote that is not closed."
                )
                raise LabelledError(message) from problem

    def _table_rows(
        self, rows: Iterable[list[str]], names: Sequence[str]
    ) -> Iterator[dict[str, Any]]:
        needed = 1 + max(names.index(name) for name in self._wanted)
        for row in rows:
            if len(row) >= needed:
                yield dict(zip(names, row, strict=False))
            elif row:
                self.faults[WRONG_WIDTH] += 1

    def _text(self, encoding: str) -> io.TextIOWrapper:
        return io.TextIOWrapper(_opened(self.path), encoding, errors="replace", newline="")

    def _encoding(self) -> str:
        """Return UTF-8, UTF-16 with its mark, or else what Western spreadsheets write."""
        decoder = codecs.getincrementaldecoder("utf-8")()
        with _opened(self.path) as file:
            first = file.read(_PIECE)
            if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                return "utf-16"
            try:
                for piece in itertools.chain([first], iter(lambda: file.read(_PIECE), b"")):
                    decoder.decode(piece)
            except UnicodeDecodeError:
                self.remarks.append("The file is not UTF-8; it was read as Windows-1252.")
                return "windows-1252"
        return "utf-8-sig"

    def _delimiter(self, head: str) -> tuple[str, list[str]]:
        """Return the delimiter under which the head names the wanted columns, and its names."""
        heads = {
            delimiter: [name.strip() for name in next(csv.reader([head], delimiter=delimiter), [])]
            for delimiter in _DELIMITERS
        }
        for delimiter, names in heads.items():
            if set(self._wanted) <= set(names):
                return delimiter, names
        widest = max(heads.values(), key=len)
        self._check(widest, self._wanted)
        raise AssertionError("a head without the wanted columns has been refused")

    def _quoting(self, encoding: str, delimiter: str, width: int) -> Literal[0, 3]:
        """Say whether quotes around cells mean anything.

        Where every line of a table with tabs has all columns, its cells hold neither tabs nor
        line ends, and a quote in it is a quote.
        """
        if delimiter != "\t":
            return csv.QUOTE_MINIMAL
        with self._text(encoding) as file:
            lines = (line for line in file if line.strip())
            if any(line.count(delimiter) != width - 1 for line in lines):
                return csv.QUOTE_MINIMAL
        with self._text(encoding) as file:
            # Then a quote opens a cell only if it also closes it.
            cells = (cell.strip("\r\n") for line in file for cell in line.split(delimiter))
            if all(_is_paired(cell) for cell in cells):
                return csv.QUOTE_MINIMAL
        return csv.QUOTE_NONE

    def _check(self, names: Sequence[str], wanted: Sequence[str]) -> None:
        missing = [name for name in wanted if name not in names]
        if missing:
            known = ", ".join(names[:40]) or "none"
            message = f"{self.path.name} has no column {missing[0]!r}; its columns are: {known}."
            raise LabelledError(message)


_ABSENT: Final = object()


def _at(found: "dict[str, Any]", name: str, default: Any = None) -> Any:
    """Return what stands under a name, or under the parts of a name with dots."""
    if name in found:
        return found[name]
    value: Any = found
    for part in name.split("."):
        if not isinstance(value, dict) or part not in value:
            return default
        value = value[part]
    return value


def _holds_rows(found: "dict[str, Any]") -> bool:
    """Say whether an object is a whole document: a list of objects with something about it."""
    lists = (each for each in found.values() if isinstance(each, list) and each)
    return any(all(isinstance(part, dict) for part in each) for each in lists)


def _top(name: str, names: Sequence[str]) -> str:
    top = name.split(".", 1)[0]
    return top if name not in names and top in names else name


def _plain(value: Any) -> str | None:
    if value is None:
        return None
    return str(value).encode("utf-8", "replace").decode().strip()


def _is_paired(cell: str) -> bool:
    return not cell.startswith('"') or (len(cell) > 1 and cell.endswith('"'))


def _without_nothing(lines: Iterable[str]) -> Iterator[str]:
    return (line.replace("\0", "") for line in lines)


def _opened(path: Path) -> IO[bytes]:
    """Return the file's bytes, unpacked."""
    try:
        with path.open("rb") as file:
            mark = file.read(6)
        kind = next((kind for start, kind in _PACKED.items() if mark.startswith(start)), None)
        return _unpacked(path, kind)
    except OSError as problem:
        message = f"{path} cannot be read: {problem.strerror or problem}."
        raise LabelledError(message) from problem


def _unpacked(path: Path, kind: str | None) -> IO[bytes]:
    if kind == "gzip":
        return cast("IO[bytes]", gzip.open(path))
    if kind == "bzip2":
        return bz2.open(path)
    if kind == "xz":
        return lzma.open(path)
    if kind == "zstd":
        return io.BufferedReader(zstandard.open(path, "rb"))
    return path.open("rb")
