"""What a row of the picture is in the reader's words; pages and tables share it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from chorus.labels import HARM, HEADS, HOSTILITY, INFORMATION, NEEDS, SOLIDARITY
from chorus.picture import ALL_POSTS, Cell, ClaimRow, Coarseness, Note, Picture, Share
from chorus.report.wording import Words, entries

NEED_KEYS = tuple(f"{INFORMATION}.{name}" for name in NEEDS)
SOLIDARITY_KEYS = tuple(f"{SOLIDARITY}.{name}" for name in HEADS[SOLIDARITY])
HOSTILITY_KEY = f"{HOSTILITY}.{HOSTILITY}"
_SHARES_SAID = 3


@dataclass(frozen=True)
class Sayings:
    """Says the parts of one picture in one language."""

    picture: Picture
    words: Words

    @cached_property
    def too_few(self) -> str:
        """What stands where a figure is hidden: "<10 people"."""
        return self.words("say.hidden", k=self.picture.settings.k)

    def count(self, value: int | None) -> str:
        """Return a number, or that too few people are behind it."""
        return self.too_few if value is None else self.words.number(value)

    def posts(self, value: int | None) -> str:
        return self.too_few if value is None else self.words("say.posts", count=value)

    def between(self, low: int | None, high: int | None) -> str:
        """Return an error as "90 to 150"; nothing where none is stated."""
        if low is None or high is None:
            return ""
        return self.words("say.between", low=low, high=high)

    def label(self, key: str) -> str:
        return self.words.label(key)

    def harm(self, claim: ClaimRow) -> str:
        """Return the kind of harm of a claim, with or without its head's name before it."""
        if not claim.harm:
            return self.words("claims.no_harm")
        return self.words.label(f"{HARM}.{claim.harm.removeprefix(f'{HARM}.')}")

    def place(self, code: str | None) -> str:
        """Return the name of a place in this language, else its own, else any, else its id.

        Posts that name no place have an empty one; None stands for everywhere.
        """
        if not code:
            return self.words("hostility.everywhere" if code is None else "places.nowhere")
        names = self._places.get(code, {})
        return names.get(self.words.language) or names.get("") or next(iter(names.values()), code)

    def due(self, at: datetime) -> str:
        """Return the hour by which something is due, with its day unless it is the report's."""
        words = self.words
        is_today = words.local(at).date() == words.local(self.picture.made_at).date()
        return words.clock(at) if is_today else words.short_moment(at)

    def shares(self, shares: Iterable[Share], section: str) -> str:
        """Return "Arabic 40 %, English 35 %"; the largest come first, the smallest unnamed."""
        most = sorted(shares, key=lambda share: (-share.share, share.name))[:_SHARES_SAID]
        said = [
            self.words(
                "say.share",
                name=self.words(f"{section}.{one.name}")
                if self.words.has(section, one.name)
                else one.name,
                share=self.words.percent(one.share),
            )
            for one in most
            if one.share > 0
        ]
        return ("، " if self.words.is_rtl else ", ").join(said)

    def note(self, note: Note) -> str:
        """Return a remark in words, with its figure where it has one."""
        if not note.figures or not self.words.has("note", note.code):
            return self.words.code("note", note.code)
        figure = note.figures[0][1]
        return self.words(f"note.{note.code}", count=figure)

    def coarse(self, coarseness: Coarseness) -> list[str]:
        """Say in sentences how fine a table is and why."""
        words, coarse = self.words, coarseness
        said = [words("method.coarse_whole")]
        if coarse.minutes:
            said = [words("method.coarse_time", step=words.length(coarse.minutes))]
        places = entries(words.language)["method"]["coarse_place"]
        if isinstance(places, dict):
            said.append(places.get(coarse.place or "none", places["none"]))
        apart = "coarse_languages" if coarse.language else "coarse_no_languages"
        said.append(words(f"method.{apart}"))
        said.append(
            words(f"method.coarse_{coarse.reason}")
            if words.has("method", f"coarse_{coarse.reason}")
            else words("method.coarse_asked")
        )
        if coarse.hidden_share:
            share = words.percent(coarse.hidden_share)
            said.append(words("method.coarse_hidden", share=share))
        return said

    @cached_property
    def _places(self) -> dict[str, dict[str, str]]:
        return {place.id: dict(place.names) for place in self.picture.place_names}


def ranked(cells: Iterable[Cell], keys: Sequence[str] | None = None) -> list[Cell]:
    """Return the cells of some labels, the largest first and hidden ones at the end."""
    chosen = [
        cell for cell in cells if cell.label != ALL_POSTS and (keys is None or cell.label in keys)
    ]
    return sorted(chosen, key=lambda cell: (cell.is_hidden, -(cell.posts or 0), cell.label))
