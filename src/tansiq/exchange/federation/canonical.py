"""JSON with one way to write each value, so that what was signed can be compared byte by byte."""

import hashlib
import json
from typing import Any, NoReturn

from tansiq.exchange.federation.errors import BundleError

_LARGEST = 2**53


def write(content: Any) -> bytes:
    """Return the one way to write this: sorted keys, no spaces, no fractions."""
    _check_numbers(content)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def read(content: bytes) -> Any:
    """Return what was written. Raises BundleError for anything `write` would not have written."""
    try:
        found = json.loads(
            content.decode(),
            object_pairs_hook=_without_doubles,
            parse_float=_no_fraction,
            parse_constant=_no_fraction,
        )
        again = write(found)
    except (ValueError, RecursionError) as problem:
        raise BundleError("form", str(problem)) from problem
    if again != content:
        raise BundleError("form", "not written in the canonical way")
    return found


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_fraction(_text: str) -> NoReturn:
    raise ValueError("only whole numbers are written")


def _check_numbers(content: Any) -> None:
    if isinstance(content, dict):
        for value in content.values():
            _check_numbers(value)
    elif isinstance(content, list):
        for value in content:
            _check_numbers(value)
    elif isinstance(content, float) or (isinstance(content, int) and abs(content) > _LARGEST):
        raise ValueError("only whole numbers up to 2^53 are written")
