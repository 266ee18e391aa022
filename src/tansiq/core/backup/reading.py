"""Unpack a backup into a folder of its own, trusting nothing in it."""

import gzip
import hashlib
import os
import re
import shutil
import tarfile
import zlib
from pathlib import Path
from typing import IO, Any

from tansiq.core.backup.manifest import NAME, BackupError, Manifest, Member

_CHUNK = 1024 * 1024
_MOST_MANIFEST = 64 * 1024 * 1024
_MOST_HEADER = 64 * 1024
_MOST_MEMBERS = 2_000_000
_LEFT_FREE = 64 * 1024 * 1024
_PLACE = re.compile(r"database\.(sqlite3|dump)|manifest\.json|files/.+")


class _Entry(tarfile.TarInfo):
    """Refuses a header that is larger than any of ours before it is read into memory."""

    def _proc_member(self, archive: Any) -> Any:
        if self.type not in {tarfile.REGTYPE, tarfile.AREGTYPE} and self.size > _MOST_HEADER:
            raise BackupError("This backup holds something that no backup of ours holds.")
        return super()._proc_member(archive)  # type: ignore[misc]  # -- not in the published types


def unpack(backup: Path, into: Path) -> Manifest:
    """Unpack and check every member. Raises BackupError; then the folder may be deleted."""
    try:
        found = _unpack_members(backup, into)
    except BackupError:
        raise
    except FileNotFoundError:
        raise BackupError(f"There is no file {backup}.") from None
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, UnicodeError) as problem:
        raise BackupError(f"{backup} is damaged, or not a backup of Tansiq.") from problem
    except OSError as problem:
        raise BackupError(f"{backup} cannot be unpacked: {problem.strerror}.") from problem
    if NAME not in found:
        raise BackupError(f"{backup} has no manifest: it is cut off, or not a backup of Tansiq.")
    del found[NAME]
    manifest = Manifest.from_json((into / NAME).read_bytes())
    _demand_members(found, manifest.members)
    return manifest


def _unpack_members(backup: Path, into: Path) -> dict[str, Member]:
    found: dict[str, Member] = {}
    room = shutil.disk_usage(into).free - _LEFT_FREE
    with (
        gzip.open(backup, "rb") as packed,
        tarfile.open(fileobj=packed, mode="r|", tarinfo=_Entry) as archive,
    ):
        for entry in archive:
            _demand_harmless(entry, found)
            room -= entry.size
            if room < 0:
                raise BackupError("There is not enough room on this disk to unpack the backup.")
            file = archive.extractfile(entry)
            if file is None:
                raise BackupError(f"{entry.name!r} cannot be read.")
            found[entry.name] = _copy(file, into / entry.name)
            # The archive remembers every header otherwise.
            archive.members = []  # type: ignore[attr-defined]  # -- not in the published types
    return found


def _demand_harmless(entry: tarfile.TarInfo, found: dict[str, Member]) -> None:
    name = entry.name
    parts = name.split("/")
    if (
        entry.type not in {tarfile.REGTYPE, tarfile.AREGTYPE}
        or entry.sparse is not None
        or not _PLACE.fullmatch(name)
        or {"", ".", ".."} & set(parts)
        or "\\" in name
        or "\0" in name
    ):
        raise BackupError(f"This backup holds {name!r}, which no backup of ours holds.")
    if name in found or len(found) >= _MOST_MEMBERS:
        raise BackupError(f"This backup holds {name!r} twice, or too many files.")
    if name == NAME and entry.size > _MOST_MANIFEST:
        raise BackupError("The manifest of this backup is too large to be one of ours.")


def _copy(file: IO[bytes], to: Path) -> Member:
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle = os.open(to, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as written:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += written.write(chunk)
        written.flush()
        os.fsync(written.fileno())
    return Member(size, digest.hexdigest())


def _demand_members(found: dict[str, Member], expected: dict[str, Member]) -> None:
    if missing := sorted(expected.keys() - found.keys()):
        raise BackupError(f"{missing[0]!r} is missing from this backup.")
    if added := sorted(found.keys() - expected.keys()):
        raise BackupError(f"{added[0]!r} was added to this backup after it was made.")
    if changed := [name for name, member in found.items() if member != expected[name]]:
        raise BackupError(f"{changed[0]!r} was changed in this backup after it was made.")
