"""One data directory, one set of processes: who is using it now."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


class InUseError(Exception):
    """Another process of Tansiq uses this data directory."""


@contextmanager
def in_use() -> Iterator[None]:
    """Hold the data directory as one of several who serve from it.

    Raises InUseError while somebody replaces what is in it.
    """
    with _locked(fcntl.LOCK_SH):
        yield


@contextmanager
def alone() -> Iterator[None]:
    """Hold the data directory alone. Raises InUseError while a server or worker runs."""
    with _locked(fcntl.LOCK_EX):
        yield


@contextmanager
def _locked(kind: int) -> Iterator[None]:
    path = Path(settings.DATA_DIR)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (path / "in-use.lock").open("a") as file:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except OSError as problem:
            raise InUseError from problem
        yield
