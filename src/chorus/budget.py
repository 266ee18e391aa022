"""The book of what was published: who spent how much of the privacy of which day, and why.

Every publication tells a little more about everybody in it, so what each day may give is limited,
once and for all. The book is a file of JSON lines that is only ever added to. Each line holds the
hash of the one before, so a line that was changed or taken out is found; a second small file, the
seal, names the latest line, so that lines cut off at the end are found, too.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Self

_FORMAT: Final = "chorus publication budget 1"
_BEGINNING: Final = "0" * 64
_NONE_YET: Final = -1


class BudgetError(Exception):
    """Nothing may be spent as asked; the message says why and what to do."""


@dataclass(frozen=True)
class Budget:
    """What one day may give in all."""

    epsilon: Decimal = Decimal("1.0")
    delta: Decimal = Decimal("1e-6")


@dataclass(frozen=True)
class Spending:
    """What a publication costs one day. Days are known by their moments, not by a number.

    So a day is the same day when the posts are analysed again under another key.
    """

    starts_at: datetime
    ends_at: datetime
    epsilon: Decimal
    delta: Decimal

    def overlaps(self, other: "Spending") -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True)
class Purpose:
    """Who publishes, why, what, and when by the caller's clock."""

    who: str
    why: str
    what: str
    at: datetime


@dataclass(frozen=True)
class _Line:
    purpose: Purpose
    spendings: tuple[Spending, ...]
    budget: Budget
    number: int
    previous: str

    def content(self) -> dict[str, Any]:
        return {
            "format": _FORMAT,
            "number": self.number,
            "previous": self.previous,
            **{name: _plain(value) for name, value in asdict(self.purpose).items()},
            "budget": {name: str(value) for name, value in asdict(self.budget).items()},
            "days": [
                {name: _plain(value) for name, value in asdict(spending).items()}
                for spending in self.spendings
            ],
        }

    def text(self) -> str:
        content = self.content()
        return _json({**content, "hash": _hash(content)})

    @property
    def hash(self) -> str:
        return _hash(self.content())

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the line of a text. Raises ValueError or KeyError when it is not what we wrote."""
        content = json.loads(text)
        spendings = tuple(
            Spending(
                datetime.fromisoformat(day["starts_at"]),
                datetime.fromisoformat(day["ends_at"]),
                Decimal(day["epsilon"]),
                Decimal(day["delta"]),
            )
            for day in content["days"]
        )
        purpose = Purpose(
            content["who"], content["why"], content["what"], datetime.fromisoformat(content["at"])
        )
        budget = Budget(**{name: Decimal(value) for name, value in content["budget"].items()})
        line = cls(purpose, spendings, budget, content["number"], content["previous"])
        if line.text() != text:
            raise ValueError("The line does not agree with its hash.")
        return line


class BudgetBook:
    """The book, open for one process at a time; `open_book` gives it."""

    def __init__(self, path: Path, budget: Budget | None) -> None:
        """Read the book. Raises BudgetError if it was altered or its budget is another."""
        self._path = path
        self._lines = _read(path)
        kept = self._lines[0].budget if self._lines else budget or Budget()
        if budget is not None and budget != kept:
            message = (
                f"The budget of {path.name} was set to epsilon {kept.epsilon} and delta "
                f"{kept.delta} a day when it was begun, and stays so; leave the budget out."
            )
            raise BudgetError(message)
        self.budget = kept

    @property
    def seal(self) -> str:
        """The hash of the latest line; who notes it elsewhere can tell that none was cut off."""
        return self._lines[-1].hash if self._lines else _BEGINNING

    def spent(self, day: Spending) -> tuple[Decimal, Decimal]:
        """Return the epsilon and delta that were spent on any part of a day."""
        earlier = [
            spending
            for line in self._lines
            for spending in line.spendings
            if spending.overlaps(day)
        ]
        epsilon = sum((spending.epsilon for spending in earlier), Decimal(0))
        return epsilon, sum((spending.delta for spending in earlier), Decimal(0))

    def spend(self, spendings: Sequence[Spending], purpose: Purpose) -> None:
        """Write down what is about to be published; only then may it be drawn.

        Raises BudgetError where a day would give more than it may, or the clock has gone back;
        nothing is spent then.
        """
        if self._lines and purpose.at < self._lines[-1].purpose.at:
            message = (
                f"The latest line of {self._path.name} is from {self._lines[-1].purpose.at}, later "
                "than now; set the clock right and ask again."
            )
            raise BudgetError(message)
        for place, spending in enumerate(spendings):
            if any(spending.overlaps(other) for other in spendings[:place]):
                raise BudgetError("A day is asked for twice; ask for it once.")
            self._require_room(spending)
        line = _Line(purpose, tuple(spendings), self.budget, len(self._lines), self.seal)
        self._append(line)

    def _require_room(self, spending: Spending) -> None:
        epsilon, delta = self.spent(spending)
        left = replace(
            self.budget, epsilon=self.budget.epsilon - epsilon, delta=self.budget.delta - delta
        )
        if spending.epsilon <= left.epsilon and spending.delta <= left.delta:
            return
        message = (
            f"The day from {spending.starts_at} has epsilon {left.epsilon} and delta {left.delta} "
            f"left, and this would take {spending.epsilon} and {spending.delta}; ask for less, "
            "for other days, or use what is published already."
        )
        raise BudgetError(message)

    def _append(self, line: _Line) -> None:
        try:
            if not self._lines:
                _write_seal(self._path, _NONE_YET, _BEGINNING)
            handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(line.text() + "\n")
                file.flush()
                os.fsync(file.fileno())
            self._lines.append(line)
            # After the line: a crash in between leaves more spent than sealed, which is safe.
            _write_seal(self._path, line.number, line.hash)
        except OSError as error:
            message = f"The budget cannot be written: {error.strerror}; nothing was published."
            raise BudgetError(message) from error


@contextmanager
def open_book(path: Path, budget: Budget | None = None) -> Iterator[BudgetBook]:
    """Open a book; a second process waits until this one has closed it.

    `budget` is for a new book. Raises BudgetError if the book cannot be used.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(_beside(path, "lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        message = f"The budget cannot be opened: {error.strerror}; name another folder."
        raise BudgetError(message) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield BudgetBook(path, budget)
    finally:
        os.close(lock)


def _read(path: Path) -> list[_Line]:
    altered = BudgetError(
        f"{path.name} was altered since it was written, so nothing may be spent; put the copy of "
        "it from your backup in its place, with its seal."
    )
    try:
        texts = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        seal = _read_seal(path)
        lines = [_Line.of(text) for text in texts]
    except OSError as error:
        raise BudgetError(f"The budget cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, ArithmeticError, AttributeError) as error:
        raise altered from error
    previous = _BEGINNING
    for number, line in enumerate(lines):
        if (line.number, line.previous) != (number, previous):
            raise altered
        previous = line.hash
    hashes = {_NONE_YET: _BEGINNING} | {line.number: line.hash for line in lines}
    is_unsealed = not seal and lines
    if is_unsealed or (seal and hashes.get(seal["number"]) != seal["hash"]):
        raise altered
    return lines


def _read_seal(path: Path) -> dict[str, Any]:
    seal = _beside(path, "seal")
    if not seal.exists():
        return {}
    content = json.loads(seal.read_text(encoding="utf-8"))
    return {"number": content["number"], "hash": content["hash"]}


def _write_seal(path: Path, number: int, hash_of_line: str) -> None:
    seal = _beside(path, "seal")
    aside = seal.with_name(f"{seal.name}.part")
    with aside.open("w", encoding="utf-8") as file:
        file.write(_json({"number": number, "hash": hash_of_line}) + "\n")
        file.flush()
        os.fsync(file.fileno())
    aside.replace(seal)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(f"{path.name}.{suffix}")


def _plain(value: datetime | Decimal | str) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _hash(content: dict[str, Any]) -> str:
    return hashlib.sha256(_json(content).encode()).hexdigest()
