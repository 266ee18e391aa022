"""The closed list of what a threat and resilience picture may speak of.

Read from `data/factors.toml`; its words are translated in the catalogues. A code that is added
there needs a migration, because the database refuses what is not in the list.
"""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext

_FILE = Path(__file__).parent / "data" / "factors.toml"


@dataclass(frozen=True)
class Known:
    """One entry of the list; the words are in the reader's language."""

    kind: str
    code: str
    english_name: str
    english_meaning: str

    @property
    def name(self) -> str:
        return gettext(self.english_name)

    @property
    def meaning(self) -> str:
        return gettext(self.english_meaning)


@lru_cache(maxsize=1)
def all_known() -> dict[str, Known]:
    """Return the list by code, in the order in which it is read."""
    rows = tomllib.loads(_FILE.read_text("utf-8"))["factor"]
    return {
        row["code"]: Known(row["kind"], row["code"], row["name"], row["meaning"]) for row in rows
    }


def codes_of(kind: str) -> list[str]:
    """Return the codes of one kind, sorted, as a constraint keeps them."""
    return sorted(one.code for one in all_known().values() if one.kind == kind)


def place_in_list(code: str) -> int:
    """Return where a code stands in the list, to sort by."""
    return list(all_known()).index(code)
