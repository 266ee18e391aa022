"""Photos without what they tell beside the picture: where, when and with which device.

Only the containers are rewritten (JPEG segments, PNG and WebP chunks); the picture itself stays
byte for byte. Of a JPEG the way it must be turned is kept, and its colour profile.
"""

import contextlib
import struct
from collections.abc import Iterator

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Chunks that a picture needs to look right; text, times and Exif are not among them.
_PNG_KEPT = {
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB",
    b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT", b"cICP",
}  # fmt: skip
_WEBP_DROPPED = {b"EXIF", b"XMP "}
_WEBP_FLAGS = 0b1100
_ORIENTATION = 0x0112
_START, _END, _SCAN, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
_APP0, _APP1, _APP2, _APP14, _APP15 = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF


class DamagedPhotoError(ValueError):
    """The bytes are not a whole picture of the kind they say they are."""


def stripped(photo: bytes, kind: str) -> bytes:
    """Return the same picture without its metadata; `kind` is jpg, png or webp.

    Raises DamagedPhotoError.
    """
    strip = {"jpg": _strip_jpeg, "png": _strip_png, "webp": _strip_webp}[kind]
    try:
        return strip(photo)
    except (struct.error, IndexError) as problem:
        raise DamagedPhotoError from problem


def _strip_jpeg(photo: bytes) -> bytes:
    turned = 1
    kept = []
    for marker, segment in _jpeg_segments(photo):
        if marker == _APP1 and segment[4:10] == b"Exif\0\0":
            # What the metadata says may be nonsense; that does not spoil the picture.
            with contextlib.suppress(struct.error):
                turned = _orientation_of(segment[10:])
        elif not _is_talk(marker, segment):
            kept.append(segment)
    turn = [_exif_with_orientation(turned)] if turned in range(2, 9) else []
    return b"".join([b"\xff\xd8", *turn, *kept, b"\xff\xd9"])


def _is_talk(marker: int, segment: bytes) -> bool:
    """Return whether a segment tells of the picture instead of being needed to show it."""
    if marker == _COMMENT:
        return True
    if not _APP0 <= marker <= _APP15:
        return False
    is_profile = marker == _APP2 and segment[4:16] == b"ICC_PROFILE\0"
    return not is_profile and marker not in {_APP0, _APP14}


def _jpeg_segments(photo: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each segment up to the end mark; what is hidden behind it is dropped."""
    if photo[:2] != b"\xff\xd8":
        raise DamagedPhotoError
    place = 2
    while True:
        if photo[place] != 0xFF:  # noqa: PLR2004 -- every marker begins with it
            raise DamagedPhotoError
        marker = photo[place + 1]
        if marker == 0xFF:  # noqa: PLR2004 -- a filling byte
            place += 1
            continue
        if marker == _END:
            return
        (length,) = struct.unpack_from(">H", photo, place + 2)
        after = place + 2 + length
        if marker == _SCAN:
            after = _end_of_scan(photo, after)
        if after > len(photo):
            raise DamagedPhotoError
        yield marker, photo[place:after]
        place = after


def _end_of_scan(photo: bytes, place: int) -> int:
    while True:
        place = photo.find(b"\xff", place)
        if place == -1 or place + 1 >= len(photo):
            raise DamagedPhotoError
        following = photo[place + 1]
        if following == 0 or 0xD0 <= following <= 0xD7:  # noqa: PLR2004 -- stuffed, or a restart
            place += 2
            continue
        return place


def _orientation_of(tiff: bytes) -> int:
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    (first,) = struct.unpack_from(f"{order}I", tiff, 4)
    (count,) = struct.unpack_from(f"{order}H", tiff, first)
    for number in range(count):
        tag, _kind, _values, value = struct.unpack_from(
            f"{order}HHIH", tiff, first + 2 + 12 * number
        )
        if tag == _ORIENTATION:
            return int(value)
    return 1


def _exif_with_orientation(turned: int) -> bytes:
    entry = struct.pack(">HHIHH", _ORIENTATION, 3, 1, turned, 0)
    tiff = b"MM\0*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _strip_png(photo: bytes) -> bytes:
    if not photo.startswith(_PNG_SIGNATURE):
        raise DamagedPhotoError
    kept, place, name = [_PNG_SIGNATURE], len(_PNG_SIGNATURE), b""
    while name != b"IEND":
        (length,) = struct.unpack_from(">I", photo, place)
        name = photo[place + 4 : place + 8]
        after = place + 12 + length
        if after > len(photo):
            raise DamagedPhotoError
        if name in _PNG_KEPT:
            kept.append(photo[place:after])
        place = after
    return b"".join(kept)


def _strip_webp(photo: bytes) -> bytes:
    if photo[:4] != b"RIFF" or photo[8:12] != b"WEBP":
        raise DamagedPhotoError
    (size,) = struct.unpack_from("<I", photo, 4)
    end = 8 + size
    if end > len(photo):
        raise DamagedPhotoError
    kept, place = [], 12
    while place + 8 <= end:
        name = photo[place : place + 4]
        (length,) = struct.unpack_from("<I", photo, place + 4)
        after = place + 8 + length + length % 2
        chunk = photo[place:after]
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~_WEBP_FLAGS]) + chunk[9:]
        if name not in _WEBP_DROPPED:
            kept.append(chunk)
        place = after
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body
