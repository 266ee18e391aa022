"""One file for arrays and what describes them: an .npz that numpy can read, with a manifest.

Nothing in it is ever run (no pickle) or unpacked (no compression). It is written aside, forced to
the disk and then renamed, so that whoever reads finds the old file or the new one, whole.
"""

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from chorus.foldable import Arrays

_MANIFEST: Final = "manifest.json"
_SUFFIX: Final = ".npy"
# The same content gives the same bytes, so no entry carries the time it was written.
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
_OWNER_ONLY: Final = 0o600


class StateFileError(Exception):
    """A state cannot be saved or read; the message says what to do."""


def write_arrays(file: IO[bytes], manifest: Mapping[str, Any], arrays: Arrays) -> None:
    """Write a manifest and arrays. Equal content gives equal bytes."""
    checksum = hashlib.sha256()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(arrays):
            values = np.ascontiguousarray(arrays[name])
            _add_to(checksum, name, values)
            with archive.open(_entry(name + _SUFFIX), "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, values, allow_pickle=False)
        content = json.dumps({**manifest, "sha256": checksum.hexdigest()}, sort_keys=True)
        archive.writestr(_entry(_MANIFEST), content)


def read_arrays(file: IO[bytes]) -> tuple[dict[str, Any], Arrays]:
    """Return what `write_arrays` wrote.

    Raises StateFileError when the content is not what was written, or not from us at all.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            if any(entry.compress_type != zipfile.ZIP_STORED for entry in archive.infolist()):
                raise StateFileError("This file is not a state of ours; name the right one.")
            manifest = json.loads(archive.read(_MANIFEST))
            names = [name for name in archive.namelist() if name.endswith(_SUFFIX)]
            arrays = {name.removesuffix(_SUFFIX): _array(archive, name) for name in names}
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        message = "The state is not whole or not one of ours; use another copy of it."
        raise StateFileError(message) from error
    checksum = hashlib.sha256()
    for name in sorted(arrays):
        _add_to(checksum, name, arrays[name])
    if not isinstance(manifest, dict) or manifest.get("sha256") != checksum.hexdigest():
        raise StateFileError("The state was changed since it was saved; use another copy of it.")
    return manifest, arrays


def replace_file(path: Path, manifest: Mapping[str, Any], arrays: Arrays) -> None:
    """Write a file that only its owner may read; until it is whole the old one stays.

    Raises StateFileError if it cannot be written.
    """
    aside = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
        with os.fdopen(handle, "wb") as file:
            write_arrays(file, manifest, arrays)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        aside.unlink(missing_ok=True)
        message = f"The state cannot be saved: {error.strerror}; the one before it is untouched."
        raise StateFileError(message) from error


def as_bytes(manifest: Mapping[str, Any], arrays: Arrays) -> bytes:
    """Return what `replace_file` would write."""
    buffer = io.BytesIO()
    write_arrays(buffer, manifest, arrays)
    return buffer.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _NO_TIME)
    entry.external_attr = _OWNER_ONLY << 16
    return entry


def _array(archive: zipfile.ZipFile, name: str) -> NDArray[Any]:
    with archive.open(name) as entry:
        values: NDArray[Any] = np.lib.format.read_array(entry, allow_pickle=False)
    return values


def _add_to(checksum: "hashlib._Hash", name: str, values: NDArray[Any]) -> None:
    checksum.update(f"{name}\0{values.dtype.str}\0{values.shape}\0".encode())
    checksum.update(np.ascontiguousarray(values).reshape(-1).view(np.uint8).data)


def _sync_folder(folder: Path) -> None:
    # Otherwise the new name may be lost with the power, though the content is on the disk.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
