"""Whole files in memory, for kinds that must be entered from their end: workbooks and Parquet."""

import io
import struct
import zipfile
import zlib
from typing import BinaryIO, Final

from chorus.reading.errors import ExpansionError, UnknownFormatError
from chorus.reading.source import Source

# What may be held in memory; a workbook of a million short posts is about 200 MB unpacked.
MOST_BYTES: Final = 1 << 28
_MOST_MEMBERS: Final = 10_000
_FED: Final = 1 << 14
_LOCAL_HEAD: Final = struct.Struct("<26xHH")


def seekable(source: Source) -> BinaryIO:
    """Return a file that can be entered anywhere; a packed one is unpacked into memory.

    Raises ExpansionError for one that unpacks to more than fits.
    """
    if not source.packing:
        return source.path.open("rb")
    whole = io.BytesIO()
    for piece in source.pieces():
        whole.write(piece)
        if whole.tell() > MOST_BYTES:
            raise ExpansionError(_too_much(source))
    whole.seek(0)
    return whole


def check_zip(source: Source, file: BinaryIO) -> None:
    """Raise ExpansionError for a zip that unpacks to too much, whatever its directory says.

    Raises UnknownFormatError for what is no zip.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
        declared = sum(member.file_size for member in members)
        if len(members) > _MOST_MEMBERS or declared > MOST_BYTES:
            raise ExpansionError(_too_much(source))
        left = MOST_BYTES
        for member in members:
            left -= _unpacked_size(file, member, left)
            if left < 0:
                raise ExpansionError(_too_much(source))
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError) as error:
        message = f"{source.path.name} is a damaged workbook; open it, save it again, or use CSV."
        raise UnknownFormatError(message) from error
    file.seek(0)


def _unpacked_size(file: BinaryIO, member: zipfile.ZipInfo, most: int) -> int:
    """Return what a member really unpacks to, or some number above `most`."""
    if member.compress_type != zipfile.ZIP_DEFLATED:
        return member.compress_size
    file.seek(member.header_offset)
    name, extra = _LOCAL_HEAD.unpack(file.read(_LOCAL_HEAD.size))
    file.seek(name + extra, io.SEEK_CUR)
    unpacker = zlib.decompressobj(wbits=-15)
    left, size = member.compress_size, 0
    while left > 0 and size <= most and (fed := file.read(min(left, _FED))):
        left -= len(fed)
        size += len(unpacker.decompress(fed))
    return size


def _too_much(source: Source) -> str:
    return (
        f"{source.path.name} unpacks to more than {MOST_BYTES >> 20} MB, which is more than fits;"
        " export it as CSV or JSON lines, which are read piece by piece."
    )
