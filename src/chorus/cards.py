"""The cards of the heads: what they learnt from, how well they do, and where they fail.

A card is data that travels with the weights. `Cards.bar` turns the errors that a head made on
events it had not seen into the error bar beside a count.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Final

import orjson

ALL_LANGUAGES: Final = "all"


class CardsError(ValueError):
    """The cards cannot be read."""


@dataclass(frozen=True)
class Figure:
    """How a head does on posts of events it had not seen.

    `language` is a code or `all`; `name` a label's key or a head (then the mean over its labels).
    `low` to `high` is a 90 % bootstrap over events. `truth_per_found` is how many posts truly carry
    the label for each that was found, with the range in which it lies for eight of ten events (a
    normal range of its logarithm); None where the head answers with one class of several.
    """

    name: str
    language: str
    test: str
    f1: float
    low: float
    high: float
    precision: float
    recall: float
    posts: int
    truth_per_found: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class HeadCard:
    """What is known of one head."""

    head: str
    version: str
    licence: str
    trained_on: tuple[str, ...]
    failures: tuple[str, ...]
    figures: tuple[Figure, ...] = ()
    remarks: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Cards:
    """The cards of all heads."""

    cards: tuple[HeadCard, ...]

    def of(self, head: str) -> HeadCard:
        """Return the card of a head. Raises KeyError for a head without one."""
        for card in self.cards:
            if card.head == head:
                return card
        raise KeyError(head)

    def bar(self, key: str, language: str | None = None) -> tuple[float, float] | None:
        """Return by what a count of a label must be multiplied for the ends of its error bar.

        `key` is a label's key such as `information.blood`. Without a language, or for one whose
        figure is missing, the figure over all languages serves; None when there is none at all.
        """
        found = self._bars.get((key, language or ALL_LANGUAGES)) or self._bars.get(
            (key, ALL_LANGUAGES)
        )
        return None if found is None else (found[1], found[2])

    # Asked for every cell of a picture.
    @cached_property
    def _bars(self) -> dict[tuple[str, str], tuple[float, float, float]]:
        return {
            (figure.name, figure.language): figure.truth_per_found
            for card in self.cards
            for figure in card.figures
            if figure.truth_per_found is not None
        }

    def to_json(self) -> bytes:
        """Return the cards as JSON, the same bytes for the same cards."""
        return orjson.dumps(
            [asdict(card) for card in self.cards],
            option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS,
        )

    @classmethod
    def from_json(cls, text: bytes) -> "Cards":
        """Return the cards of `to_json`. Raises CardsError when it is something else."""
        try:
            return cls(tuple(_card(entry) for entry in orjson.loads(text)))
        except (orjson.JSONDecodeError, KeyError, TypeError) as problem:
            raise CardsError("These are not the cards of heads; take them anew.") from problem


def _card(entry: dict[str, Any]) -> HeadCard:
    figures = tuple(
        Figure(
            **{
                **figure,
                "truth_per_found": figure["truth_per_found"] and tuple(figure["truth_per_found"]),
            }
        )
        for figure in entry["figures"]
    )
    return HeadCard(
        **{
            **entry,
            "trained_on": tuple(entry["trained_on"]),
            "failures": tuple(entry["failures"]),
            "figures": figures,
        }
    )
