"""Compile the translators' catalogues (.po) into what the platform reads (.mo).

Done with Babel, so that neither a developer nor an installer needs the system's gettext. The
compiled files are not kept in the repository; see docs/decisions/0003.
"""

import os
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_catalogues(folder: Path) -> list[Path]:
    """Compile each catalogue below `folder` that is newer than its result; return those done."""
    stale = [source for source in sorted(folder.glob("*/LC_MESSAGES/*.po")) if _is_stale(source)]
    for source in stale:
        _compile(source)
    return stale


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns


def _compile(source: Path) -> None:
    """Write the result under its name only when it is whole: somebody may be reading."""
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parts[-3])
    handle, name = tempfile.mkstemp(dir=source.parent, suffix=".mo.part")
    with os.fdopen(handle, "wb") as file:
        write_mo(file, catalogue)
    Path(name).chmod(0o644)
    Path(name).replace(source.with_suffix(".mo"))
