"""Make a backup: one file, written beside its place and moved there when it is whole."""

import gzip
import hashlib
import os
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

import tansiq
from tansiq.core.backup import databases
from tansiq.core.backup.manifest import NAME, BackupError, Manifest, Member


def make_backup(target: Path, *, at: datetime) -> Manifest:
    """Write a backup to a file that must not exist yet; only its owner may read it."""
    if target.exists():
        raise BackupError(f"{target} exists already. Choose another name.")
    if not target.parent.is_dir():
        raise BackupError(f"There is no folder {target.parent}. Make it first.")
    part = target.with_name(f"{target.name}.part")
    try:
        handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise BackupError(
            f"{part} exists: another backup is being made, or one was cut off. Delete it if no "
            "other is running."
        ) from None
    try:
        with os.fdopen(handle, "wb") as file:
            manifest = _write(file, at=at, scratch=target.parent)
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return manifest


def _write(file: BinaryIO, *, at: datetime, scratch: Path) -> Manifest:
    database = databases.current()
    members: dict[str, Member] = {}
    with (
        tempfile.TemporaryDirectory(dir=scratch, prefix=".tansiq-backup-") as folder,
        gzip.GzipFile(fileobj=file, mode="wb", compresslevel=6, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|") as archive,
    ):
        copy = Path(folder) / database.member
        contents = database.dump(copy)
        members[database.member] = _add(archive, database.member, copy)
        copy.unlink()
        for name, path in _uploaded_files():
            try:
                members[name] = _add(archive, name, path)
            except FileNotFoundError:
                # Deleted by somebody since we read the folder.
                continue
        manifest = Manifest(
            version=tansiq.__version__,
            made_at=at.isoformat(),
            database=database.kind,
            contents=contents,
            members=members,
        )
        text = manifest.as_json()
        archive.addfile(_entry(NAME, len(text)), BytesIO(text))
    return manifest


def _uploaded_files() -> Iterator[tuple[str, Path]]:
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield f"files/{path.relative_to(root).as_posix()}", path


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


class _Hashing:
    """Reads a file and digests what was read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self.digest.update(chunk)
        return chunk


def _add(archive: tarfile.TarFile, name: str, path: Path) -> Member:
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        reader = _Hashing(file)
        archive.addfile(_entry(name, size), reader)
        return Member(size, reader.digest.hexdigest())
