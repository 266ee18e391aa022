"""The hashtags that may be seen: their names, numbers, kinds and lives, before rounding.

A tag is released when at least k distinct authors used it since the incident, it has a name, and
the user did not hide it. What is made here never holds another one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np

from chorus.foldable import QUARTER_HOUR
from chorus.hashtags import HashtagTable
from chorus.kinds import HOSTILE_FROM, Kind, kind_of
from chorus.labels import LANGUAGES
from chorus.lives import Life, Lives
from chorus.picture import HOSTILE, OFFICIAL, ORGANIC, UNKNOWN

# From this share of uses by official accounts on, a tag is theirs.
OFFICIAL_FROM: Final = 0.5
# A language with a smaller share of the uses is not named.
LEAST_SHARE: Final = 0.05


@dataclass(frozen=True)
class Use:
    """How much something was used since the incident: numbers for inside, not rounded."""

    posts: int
    spread: int
    authors: int
    official: int
    # By group of `kinds.GROUPS` and by language of `labels.LANGUAGES`.
    groups: tuple[int, ...]
    languages: tuple[int, ...]

    @property
    def uses(self) -> int:
        return self.posts + self.spread

    @property
    def kind(self) -> Kind:
        return kind_of(self.groups, uses=self.uses, authors=self.authors)

    @property
    def hostile_share(self) -> float:
        return self.kind.shares[HOSTILE]

    @property
    def is_hostile(self) -> bool:
        return self.hostile_share >= HOSTILE_FROM

    def language_shares(self) -> dict[str, float]:
        """Return the share of each language, the largest first, without those below 5 %."""
        total = max(1, sum(self.languages))
        shares = {name: n / total for name, n in zip(LANGUAGES, self.languages, strict=True)}
        ranked = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
        return {name: share for name, share in ranked if share >= LEAST_SHARE}


@dataclass(frozen=True)
class Released:
    """One tag that may be seen."""

    row: int
    name: str
    use: Use
    life: Life
    origin: str


class Releasing:
    """What may be seen of a table of hashtags."""

    def __init__(
        self,
        table: HashtagTable,
        *,
        hidden: Collection[str] = (),
        has_official: bool = False,
    ) -> None:
        """Read a table; `has_official` tells whether a list of official accounts was given."""
        self.table = table
        self.k = table.settings.k
        self.has_official = has_official
        authors = table.tags.authors.counts()
        enough = np.flatnonzero(authors >= self.k)
        names = _shown_names(table, self.k)
        self.unnamed = sum(row not in names for row in enough.tolist())
        self.rows = [
            row for row in enough.tolist() if row in names and table.folded[row] not in hidden
        ]
        self.hidden_tags = len(enough) - self.unnamed - len(self.rows)
        self.names = {row: names[row] for row in self.rows}
        self.authors = authors

    def tags(self) -> list[Released]:
        """Return the released tags, those with the most authors first."""
        group_of = np.full(len(self.table.tags), -1, np.int64)
        group_of[self.rows] = np.arange(len(self.rows))
        lives = Lives(self.table, group_of).lives()
        released = [self._released(row, life) for row, life in zip(self.rows, lives, strict=True)]
        return sorted(released, key=lambda tag: (-tag.use.authors, tag.name))

    def use_of(self, rows: list[int], *, authors: int, between: int = 0) -> Use:
        """Return how much some tags were used together; `between` uses carried two of them."""
        tags = self.table.tags
        return Use(
            posts=max(int(tags["posts"][rows].sum()) - between, int(tags["posts"][rows].max())),
            spread=int(tags["spread"][rows].sum()),
            authors=authors,
            official=int(tags["official"][rows].sum()),
            groups=tuple(tags["kinds"][rows].sum(axis=0).tolist()),
            languages=tuple(tags["languages"][rows].sum(axis=0).tolist()),
        )

    def origin_of(self, rows: list[int]) -> str:
        """Return whether the public or the authorities began and carry some tags."""
        if not self.has_official:
            return UNKNOWN
        tags = self.table.tags
        first = int(tags["first"][rows].min()) // QUARTER_HOUR
        began = int(tags["official_first"][rows].min()) // QUARTER_HOUR <= first
        uses = int((tags["posts"][rows] + tags["spread"][rows]).sum())
        carried = int(tags["official"][rows].sum()) >= OFFICIAL_FROM * max(uses, 1)
        return OFFICIAL if began or carried else ORGANIC

    def _released(self, row: int, life: Life) -> Released:
        return Released(
            row=row,
            name=self.names[row],
            use=self.use_of([row], authors=int(self.authors[row])),
            life=life,
            origin=self.origin_of([row]),
        )


def _shown_names(table: HashtagTable, k: int) -> dict[int, str]:
    """Return the name of each tag that has one: its most used spelling that k authors wrote.

    Where its authors spread over many spellings and none has k, the folded form stands for it.
    """
    names = {row: name for row, name in enumerate(table.folded) if name}
    authors = table.spellings.authors.counts()
    rows = table.tags.find(table.spellings["tag"].view(np.uint64)).tolist()
    uses = table.spellings["uses"].tolist()
    enough = [spelt for spelt in np.flatnonzero(authors >= k).tolist() if table.written[spelt]]
    # The last one stands: the most used, and of equally used ones the first in the alphabet.
    by_name = sorted(enough, key=lambda spelt: table.written[spelt], reverse=True)
    for spelt in sorted(by_name, key=lambda spelt: uses[spelt]):
        if rows[spelt] in names:
            names[rows[spelt]] = table.written[spelt]
    return names
