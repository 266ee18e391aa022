"""Where reading stands, small enough to be saved after each batch."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Position:
    """The place after the latest post that was handed out.

    `offset` counts bytes of the unpacked stream, `line` the lines (rows, elements) before it;
    `file` names the file within a folder; `identity` tells a file from another that took its name.
    Containers that cannot be entered in the middle are read from their start and skip by `line`.
    """

    offset: int = 0
    line: int = 0
    file: str = ""
    identity: str = ""


def identity_of(path: Path) -> str:
    """Return what stays the same while a file grows or is renamed, and differs for another file."""
    status = path.stat()
    return f"{status.st_dev:x}:{status.st_ino:x}"
