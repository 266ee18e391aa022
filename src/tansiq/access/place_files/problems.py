"""Faults of uploaded files, told to the person who can mend them."""

import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

MAX_BYTES = 20 * 1024 * 1024
MAX_PROBLEMS = 200


class UnreadableFileError(Exception):
    """The file as a whole cannot be read; the message says why and what to do."""


@dataclass(frozen=True)
class Problem:
    """One fault: where it is, what is wrong there and what to do."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


class Problems(list[Problem]):
    """The faults of one file; after the first 200 the rest are only counted."""

    total = 0

    def add(self, where: str, message: str) -> None:
        self.total += 1
        if len(self) < MAX_PROBLEMS:
            self.append(Problem(where, message))


def text_of(content: bytes) -> str:
    """Return the text of an uploaded file, with or without a byte order mark.

    Raises UnreadableFileError if it is too big, empty, a spreadsheet or not in UTF-8.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableFileError(_("The file is larger than 20 MB. Split it by country."))
    if not content.strip():
        raise UnreadableFileError(_("The file is empty. Choose the file again."))
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UnreadableFileError(
            _("This is a spreadsheet or an archive. Save the sheet as “CSV UTF-8” and send that.")
        )
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFileError(_("The file is in UTF-16. Save it in UTF-8 and send it again."))
    if b"\x00" in content:
        raise UnreadableFileError(
            _("The file holds zero bytes, which text never does. Export it again.")
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise UnreadableFileError(
            _("Line %(line)s is not in UTF-8. Save the file as “CSV UTF-8” and send it again.")
            % {"line": line}
        ) from fault


def is_plain(text: str) -> bool:
    """Return whether the text is free of control characters and of signs that reorder text."""
    return (text.isascii() and text.isprintable()) or not any(map(_is_odd, text))


def _is_odd(letter: str) -> bool:
    reorders = "\u202a" <= letter <= "\u202e" or "\u2066" <= letter <= "\u2069"
    return reorders or unicodedata.category(letter) in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
