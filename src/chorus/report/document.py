"""The picture as JSON, and the schema that says what stands in it.

The schema follows from the dataclasses of `chorus.picture`, so that it cannot fall behind them; the
file that is published is this one, written down, and a test holds the two together.
"""

import json
import types
from dataclasses import asdict, fields, is_dataclass
from datetime import datetime
from inspect import getdoc
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

import orjson

from chorus.picture import Picture

# The first number changes when something is taken away or changes its meaning.
VERSION: Final = "1.0"
NAME: Final = "chorus-report"
_SIMPLE: Final[dict[object, dict[str, Any]]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    type(None): {"type": "null"},
}


def document(picture: Picture) -> bytes:
    """Return the picture as JSON with its version; the same bytes for the same picture."""
    content = {"format": NAME, "version": VERSION, **asdict(picture)}
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z)


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of `document`."""
    known: dict[str, Any] = {}
    top = _of(Picture, known)
    whole = known.pop(top["$ref"].rpartition("/")[2])
    constants = {"format": {"const": NAME}, "version": {"const": VERSION}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:tansiq:{NAME}:{VERSION}",
        "title": "A report of chorus",
        **whole,
        "properties": constants | whole["properties"],
        "required": [*constants, *whole["required"]],
        "$defs": dict(sorted(known.items())),
    }


def schema_text() -> str:
    """Return the schema as it is published."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _of(kind: Any, known: dict[str, Any]) -> dict[str, Any]:
    if kind in _SIMPLE:
        return dict(_SIMPLE[kind])
    if is_dataclass(kind):
        return _class(kind, known)
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _either([_of(part, known) for part in parts])
    if parts[-1] is Ellipsis:
        return {"type": "array", "items": _of(parts[0], known)}
    return {
        "type": "array",
        "prefixItems": [_of(part, known) for part in parts],
        "items": False,
        "minItems": len(parts),
    }


def _either(parts: list[dict[str, Any]]) -> dict[str, Any]:
    plain = [part["type"] for part in parts if "type" in part]
    if len(plain) == len(parts) and all(isinstance(name, str) for name in plain):
        merged = {key: value for part in parts for key, value in part.items()}
        return {**merged, "type": plain}
    return {"anyOf": parts}


def _class(kind: Any, known: dict[str, Any]) -> dict[str, Any]:
    name = kind.__name__
    if name not in known:
        known[name] = {}
        hints = get_type_hints(kind)
        known[name] = {
            "type": "object",
            "description": " ".join((getdoc(kind) or "").split()),
            "properties": {one.name: _of(hints[one.name], known) for one in fields(kind)},
            # A reader may rely on all of them: what has a default is written, too.
            "required": [one.name for one in fields(kind)],
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{name}"}
