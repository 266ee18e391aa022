"""What has arrived of a bundle so far: one file each, appended in order, under a lock."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tansiq.exchange.federation.errors import BundleError


def arrived(folder: Path, name: str) -> int:
    """Return how many bytes of it are here."""
    path = folder / name
    return path.stat().st_size if path.exists() else 0


def append(folder: Path, name: str, part: bytes, *, offset: int, most: int) -> int:
    """Put this part behind what is here if it begins there; return how many bytes are here.

    A part that begins elsewhere changes nothing: who sends it learns where to go on.
    """
    with _locked(folder):
        here = arrived(folder, name)
        if offset != here:
            return here
        if here + len(part) > most:
            raise BundleError("size", f"longer than {most} bytes")
        with (folder / name).open("ab") as file:
            file.write(part)
        return here + len(part)


def content(folder: Path, name: str) -> bytes:
    path = folder / name
    return path.read_bytes() if path.exists() else b""


def drop(folder: Path, name: str) -> None:
    (folder / name).unlink(missing_ok=True)


def drop_others(folder: Path, name: str, *, of: str) -> None:
    """Delete what is left of other bundles of the same sender: only one comes at a time."""
    for path in folder.glob(f"{of}-*"):
        if path.name != name:
            path.unlink(missing_ok=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
