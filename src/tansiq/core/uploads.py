"""Files that people send: of a kind we know, by their content and not by their name."""

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tansiq.core import formats
from tansiq.core.photos import DamagedPhotoError, stripped

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}
_PHOTOS = {"png", "jpg", "webp"}
_OFFICE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_OPEN = {"odt", "ods"}
_ENDINGS = {"jpeg": "jpg", "jpe": "jpg", "text": "txt"}
_MARKUP = re.compile(rb"<\s*(!doctype|html|script|svg|\?xml|iframe|body|head)", re.IGNORECASE)
_MOST_ENTRIES = 5000
_LONGEST_NAME = 150


class BadFileError(ValueError):
    """The file cannot be taken; the message says why and what to do."""


@dataclass(frozen=True)
class CleanFile:
    """A file whose content is of its kind, under a name that harms nobody."""

    name: str
    kind: str
    content: bytes


def clean_file(file: File[bytes]) -> CleanFile:
    """Return the file with a harmless name, and photos without metadata. Raises BadFileError."""
    if not file.size:
        raise BadFileError(_("This file is empty. Choose another one."))
    if file.size > settings.UPLOAD_LIMIT:
        raise BadFileError(
            _("This file has %(size)s MB; the limit is %(limit)s MB. Make it smaller, or split it.")
            % {"size": _megabytes(file.size), "limit": _megabytes(settings.UPLOAD_LIMIT)}
        )
    name, kind = _name_and_kind(str(file.name or ""))
    content = b"".join(file.chunks())
    if not _is_of_kind(content, kind):
        raise BadFileError(
            _(
                "The name says %(kind)s, but the content is something else. Open the file, "
                "save it anew as %(kind)s, and send that."
            )
            % {"kind": kind.upper()}
        )
    if kind in _PHOTOS:
        try:
            content = stripped(content, kind)
        except DamagedPhotoError as problem:
            raise BadFileError(
                _("This picture is damaged. Open it, save it again, and send that.")
            ) from problem
    return CleanFile(name, kind, content)


def _megabytes(size: int) -> str:
    return formats.number(round(size / 1024 / 1024, 1), get_language() or "en")


def _name_and_kind(given: str) -> tuple[str, str]:
    """Return a name without paths, control and direction signs, and the kind it ends in."""
    path = PurePosixPath(given.replace("\\", "/"))
    ending = path.suffix.lstrip(".").lower()
    kind = _ENDINGS.get(ending, ending)
    if kind not in CONTENT_TYPES:
        raise BadFileError(
            _("Files of this kind are not taken. Send one of these: %(kinds)s.")
            % {"kinds": ", ".join(CONTENT_TYPES)}
        )
    stem = "".join(
        one for one in path.stem if unicodedata.category(one)[0] not in "CZ" or one == " "
    )
    stem = re.sub(r"[\"'<>|:*?%;&$`]+", "", stem).strip(" .") or "file"
    return f"{stem[:_LONGEST_NAME]}.{kind}", kind


def _is_seen(character: str) -> bool:
    return unicodedata.category(character)[0] not in "CZ"


def _is_of_kind(content: bytes, kind: str) -> bool:
    if kind in _OFFICE or kind in _OPEN:
        return _is_document(content, kind)
    if kind in {"csv", "txt"}:
        return _is_plain_text(content)
    starts = {
        "pdf": content.startswith(b"%PDF-"),
        "png": content.startswith(b"\x89PNG\r\n\x1a\n"),
        "jpg": content.startswith(b"\xff\xd8\xff"),
        "webp": content[:4] == b"RIFF" and content[8:12] == b"WEBP",
    }
    return starts[kind]


def _is_document(content: bytes, kind: str) -> bool:
    """Look into the package: the right parts, and no program among them."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
            if len(names) > _MOST_ENTRIES or any(_is_program(name) for name in names):
                return False
            if kind in _OFFICE:
                return "[Content_Types].xml" in names and _OFFICE[kind] in names
            with package.open("mimetype") as told:
                return told.read(100).decode("ascii", "replace").strip() == CONTENT_TYPES[kind]
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError, ValueError):
        return False


def _is_program(name: str) -> bool:
    lower = name.lower()
    return "vbaproject" in lower or lower.startswith(("basic/", "scripts/"))


def _is_plain_text(content: bytes) -> bool:
    if b"\0" in content or _MARKUP.search(content[:4096]):
        return False
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True
