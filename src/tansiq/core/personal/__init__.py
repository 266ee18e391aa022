"""Finds in a text what belongs to a person: names, numbers, accounts, where somebody lives.

Plain functions on plain text; nothing is kept. `find` says where something is and how sure it is,
`masked` puts the words for its kind in its place. What it can and cannot find, and how often it
is right: docs/reference/personal-data.md.
"""

from tansiq.core.personal.finding import find
from tansiq.core.personal.found import Certainty, Found, Kind
from tansiq.core.personal.masking import kind_in_words, kinds_in, masked

__all__ = ["Certainty", "Found", "Kind", "find", "kind_in_words", "kinds_in", "masked"]
