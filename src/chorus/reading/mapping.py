"""The mapping file: which column is which in a table that has no usual names.

[columns]
text = "Kandungan"
at = "Tarikh"
author = "Akaun"

[time]
format = "%d/%m/%Y %H:%M"
zone = "Asia/Kuala_Lumpur"

[table]
delimiter = ";"
encoding = "windows-1252"
"""

import codecs
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from chorus.reading.errors import MappingError
from chorus.reading.formats.base import Columns
from chorus.reading.times import is_zone

_KNOWN: Final = {
    "columns": tuple(field.name for field in fields(Columns)),
    "time": ("format", "zone"),
    "table": ("delimiter", "encoding"),
}


@dataclass(frozen=True)
class Mapping:
    """What a mapping file says. What it leaves out is None."""

    columns: Columns | None = None
    time_format: str | None = None
    zone: str | None = None
    delimiter: str | None = None
    encoding: str | None = None


def load_mapping(path: Path) -> Mapping:
    """Return what a mapping file says. Raises MappingError with what to put right."""
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise MappingError(f"The mapping file cannot be opened: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(f"The mapping file is not TOML: {error}.") from error
    for section, known in _KNOWN.items():
        _check(section, written.get(section, {}), known)
    if unknown := sorted(set(written) - set(_KNOWN)):
        raise MappingError(f"The mapping file has a section {unknown[0]}; {_choose(_KNOWN)}.")
    return _checked(
        Mapping(
            columns=_columns(written.get("columns")),
            time_format=written.get("time", {}).get("format"),
            zone=written.get("time", {}).get("zone"),
            delimiter=written.get("table", {}).get("delimiter"),
            encoding=written.get("table", {}).get("encoding"),
        )
    )


def _check(section: str, values: Any, known: tuple[str, ...]) -> None:
    if not isinstance(values, dict):
        raise MappingError(f"In the mapping file {section} must be a section: [{section}].")
    for name, value in values.items():
        if name not in known:
            message = f"The mapping file has {name} under [{section}]; {_choose(known)}."
            raise MappingError(message)
        if not isinstance(value, str) or not value:
            raise MappingError(f"In the mapping file {name} must be a text within quotes.")


def _columns(written: dict[str, str] | None) -> Columns | None:
    if written is None:
        return None
    if "text" not in written:
        raise MappingError("The mapping file names columns but not `text`; add it.")
    return Columns(**written)


def _checked(mapping: Mapping) -> Mapping:
    if mapping.zone is not None and not is_zone(mapping.zone):
        message = f"There is no time zone {mapping.zone}; write one such as Asia/Jakarta."
        raise MappingError(message)
    if mapping.delimiter is not None and len(mapping.delimiter) != 1:
        raise MappingError('The delimiter must be one character, such as ";" or "\\t".')
    if mapping.encoding is not None:
        try:
            codecs.lookup(mapping.encoding)
        except LookupError as error:
            message = f"There is no encoding {mapping.encoding}; write one such as windows-1252."
            raise MappingError(message) from error
    return mapping


def _choose(known: Any) -> str:
    return f"it may have {', '.join(known)}"
