"""Figures and words as text that is always the same for the same content, and its hash."""

import hashlib
import json
from typing import Any

Data = dict[str, Any]


def canonical(data: Any) -> str:
    """Return JSON with sorted keys and no spaces. Numbers with a fraction come in as text."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(*texts: str) -> str:
    joined = "\n".join(texts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()
