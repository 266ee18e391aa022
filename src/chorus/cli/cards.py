"""`chorus cards`: what the heads learnt from, how well they do and where they fail."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from chorus.cards import Cards, Figure, HeadCard
from chorus.heads import HeadsError, load_heads

EXPECTED: Final = (HeadsError,)


def register(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "head", nargs="?", help="the head whose card is wanted; without it, every card"
    )
    parser.add_argument(
        "--heads", type=Path, metavar="FOLDER", help="heads that `chorus learn` wrote"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")


def run(arguments: Namespace) -> int:
    """Print the cards."""
    cards = load_heads(arguments.heads).cards
    if arguments.head is not None:
        cards = Cards((_card(cards, arguments.head),))
    if arguments.json:
        sys.stdout.write(cards.to_json().decode() + "\n")
    else:
        sys.stdout.write("\n\n".join("\n".join(_lines(card)) for card in cards.cards) + "\n")
    return 0


def _card(cards: Cards, head: str) -> HeadCard:
    try:
        return cards.of(head)
    except KeyError:
        known = ", ".join(card.head for card in cards.cards) or "none"
        message = f"There is no card of {head!r}; heads with a card: {known}."
        raise HeadsError(message) from None


def _lines(card: HeadCard) -> Iterator[str]:
    yield f"{card.head} {card.version} ({card.licence})"
    yield "  learnt from:"
    yield from (f"    {source}" for source in card.trained_on)
    yield "  fails at:"
    yield from (f"    {failure}" for failure in card.failures)
    if card.figures:
        yield "  on events not seen while learning:"
        yield from (f"    {_said(figure)}" for figure in card.figures)
    for name, remark in card.remarks.items():
        yield f"  {name}: {remark}"


def _said(figure: Figure) -> str:
    said = (
        f"{figure.name}, {figure.language}: F1 {figure.f1:.2f} ({figure.low:.2f}-{figure.high:.2f})"
        f", precision {figure.precision:.2f}, recall {figure.recall:.2f}"
        f"; {figure.test}, {figure.posts:,} posts"
    )
    if figure.truth_per_found is None:
        return said
    typical, low, high = figure.truth_per_found
    return f"{said}; {typical:.2f} ({low:.2f}-{high:.2f}) true for each found"
