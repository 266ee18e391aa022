"""Keys of rows as a form or an address sends them."""

from collections.abc import Iterable

_MOST = 500
_MOST_DIGITS = 18


def keys_in(words: Iterable[str]) -> list[int]:
    """Return the words that can be keys of rows; the others are nobody's."""
    fitting = [
        one for one in words if one.isascii() and one.isdecimal() and len(one) <= _MOST_DIGITS
    ]
    return [int(one) for one in fitting[:_MOST]]
