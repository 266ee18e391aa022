"""HTML as it stands in posts, turned into the text a person reads."""

import html
import re
from typing import Final

_BREAKS: Final = re.compile(r"<(?:br|/p|/div|/li|/h[1-6])\b[^<>]*>", re.IGNORECASE)
# Up to the next bracket of either kind, so that a text of nothing but "<" is read in one pass.
_TAGS: Final = re.compile(r"</?[a-zA-Z!][^<>]*>")


def text_of(markup: str) -> str:
    """Return the text within HTML, in one line."""
    if "<" in markup:
        markup = _TAGS.sub("", _BREAKS.sub(" ", markup))
    return " ".join(html.unescape(markup).split())
