"""One data directory, one set of processes: who is using it now."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from django.conf import settings

# A server that starts holds the directory alone for a moment; one that restores holds it longer.
PATIENCE_SECONDS = 5.0
_BETWEEN_TRIALS_SECONDS = 0.05


class InUseError(Exception):
    """Another process of Tansiq uses this data directory."""


@contextmanager
def in_use(*, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Hold the data directory as one of several who serve from it.

    Waits a little for another who is just starting. Raises InUseError while somebody replaces
    what is in it.
    """
    with _locked(fcntl.LOCK_SH, trials=1 + round(patience / _BETWEEN_TRIALS_SECONDS)):
        yield


@contextmanager
def alone() -> Iterator[None]:
    """Hold the data directory alone. Raises InUseError while a server or worker runs."""
    with _locked(fcntl.LOCK_EX):
        yield


@contextmanager
def _locked(kind: int, *, trials: int = 1) -> Iterator[None]:
    path = Path(settings.DATA_DIR)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (path / "in-use.lock").open("a") as file:
        while not _taken(file, kind):
            trials -= 1
            if not trials:
                raise InUseError
            time.sleep(_BETWEEN_TRIALS_SECONDS)
        yield


def _taken(file: TextIO, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
