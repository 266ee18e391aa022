"""Finds in a text that goes further what was meant to stay behind.

Plain functions on plain text, without tables: `leaks` takes the passages that stay, those that may
be known, and the text that goes out, and says which of its words came from the first alone. What
it can and cannot find, and how often it is right: docs/reference/leak-check.md.
"""

from tansiq.exchange.leaks.comparing import Known, Leak, Nature, leaks
from tansiq.exchange.leaks.passages import passage_key, passages

__all__ = ["Known", "Leak", "Nature", "leaks", "passage_key", "passages"]
