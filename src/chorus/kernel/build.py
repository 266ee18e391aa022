"""Compile the C of the kernel into one shared library; with nothing but Python itself.

Usage: python -m chorus.kernel.build

The library's file name carries a hash of the sources and of the platform, so a library made from
other sources is never loaded. It is made at installation or, at the latest, at first use.
"""

import hashlib
import os
import platform
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

SOURCES = Path(__file__).resolve().parent
# No -march=native: a folder or a wheel may travel. Loops that gain from wider vectors are compiled
# twice and chosen when the library is loaded (WIDE in text.h).
# Products and sums are rounded one by one, so that scores are the same on every machine.
FLAGS = (
    *("-std=gnu11", "-O3", "-ffp-contract=off", "-fPIC", "-shared", "-fvisibility=hidden"),
    *("-Wall", "-Wextra"),
)
# Not .so, which Python would take for a module of its own.
SUFFIX = ".compiled"
PATTERN = "_kernel-*"
NO_COMPILER = (
    "No C compiler was found; install gcc or clang, on Debian and Ubuntu: apt-get install gcc"
)


class CannotBuildError(Exception):
    """The library cannot be compiled here; the message says why and what to do."""


def library_name(sources: Path = SOURCES) -> str:
    """Return the file name that a library made from these sources for this machine has."""
    digest = hashlib.sha256()
    for path in _files(sources):
        digest.update(f"{path.name}\0".encode() + path.read_bytes() + b"\0")
    digest.update(repr((FLAGS, sys.platform, platform.machine(), sys.maxsize)).encode())
    return f"_kernel-{digest.hexdigest()[:20]}{SUFFIX}"


def find_or_build(sources: Path = SOURCES, *, folders: Iterable[Path] | None = None) -> Path:
    """Return the library of these sources; compile it if no folder holds it yet.

    Raises CannotBuildError when it is not there and cannot be made.
    """
    name = library_name(sources)
    places = (sources, cache_folder()) if folders is None else tuple(folders)
    for folder in places:
        if (folder / name).exists() and _is_ours(folder):
            return folder / name
    return _build_in_first(sources, places)


def build(folder: Path, *, sources: Path = SOURCES, flags: tuple[str, ...] = ()) -> Path:
    """Compile the sources into a folder and return the library.

    Safe while others build or use it: the file is written aside and renamed.
    Raises CannotBuildError without a compiler or when it refuses, OSError when the folder does.
    """
    wanted = folder / library_name(sources)
    command = compiler()
    handle, aside = tempfile.mkstemp(prefix=".kernel-", suffix=SUFFIX, dir=folder)
    os.close(handle)
    try:
        inputs = [str(path) for path in _files(sources) if path.suffix == ".c"]
        _run([*command, *FLAGS, *flags, *inputs, "-o", aside, "-lm"])
        Path(aside).chmod(0o755)
        Path(aside).replace(wanted)
    finally:
        Path(aside).unlink(missing_ok=True)
    if folder == sources:
        _remove_stale(folder, keep=wanted.name)
    return wanted


def compiler() -> list[str]:
    """Return the command of the C compiler: `CC` if set, else cc, gcc or clang."""
    for name in (os.environ.get("CC", ""), "cc", "gcc", "clang"):
        command = shlex.split(name)
        if command and shutil.which(command[0]):
            return command
    raise CannotBuildError(NO_COMPILER)


def cache_folder() -> Path:
    """Return the user's own folder for libraries where the sources' folder is read-only."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    return Path(base) / "chorus"


def _build_in_first(sources: Path, folders: Iterable[Path]) -> Path:
    problems = []
    for folder in folders:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _is_ours(folder):
                return build(folder, sources=sources)
            problems.append(f"{folder} belongs to somebody else")
        except OSError as problem:
            problems.append(f"{folder} cannot be written ({problem.strerror})")
    raise CannotBuildError(f"The kernel found no folder to be built in: {'; '.join(problems)}")


def _remove_stale(folder: Path, *, keep: str) -> None:
    """Remove libraries of other sources from a folder; one in use stays where it cannot go."""
    for path in folder.glob(PATTERN):
        if path.name != keep:
            with suppress(OSError):
                path.unlink()


def _is_ours(folder: Path) -> bool:
    """Return whether nobody but this user and root could have put a library there."""
    if not hasattr(os, "getuid"):
        return True
    about = folder.stat()
    return about.st_uid in {0, os.getuid()} and not about.st_mode & stat.S_IWOTH


def _files(sources: Path) -> list[Path]:
    return sorted([*sources.glob("*.c"), *sources.glob("*.h")])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- the compiler
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"status {done.returncode}"]
        says = next((line for line in lines if "error" in line), lines[0])
        raise CannotBuildError(f"The C compiler {command[0]} refused the kernel: {says}")
    # A warning is a fault of ours; users have no use for it, the tests build with -Werror.


def main() -> None:
    """Build the library and say where it lies; a reason and status 1 where that cannot be done."""
    try:
        print(find_or_build())  # noqa: T201 -- a command
    except CannotBuildError as problem:
        sys.exit(f"{problem}. Until then chorus reads texts with plain Python, which is slower.")


if __name__ == "__main__":
    main()
