"""`chorus release`: figures with noise for publication, and the book of what they cost."""

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from chorus.budget import Budget, BudgetBook, BudgetError, Purpose, open_book
from chorus.capped import MOST_OF_A_DAY
from chorus.cli.arguments import now
from chorus.release import (
    Plan,
    ReleaseError,
    release,
    require_releasable,
    spendings,
    starts_at,
)
from chorus.release_files import Publication, new_folder, write_publication
from chorus.state import State, StateFileError
from chorus.tags import HiddenTagsError, load_hidden

EXPECTED: Final = (BudgetError, HiddenTagsError, ReleaseError, StateFileError)

_FIRST_WEEK: Final = 7
_MOST_DAYS: Final = 100


def register(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("state", type=Path, help="the folder of a saved state")
    parser.add_argument("--out", type=Path, required=True, help="a new folder for the figures")
    parser.add_argument("--ledger", type=Path, required=True, help="the book of what was spent")
    parser.add_argument("--who", required=True, help="who publishes; written into the book")
    parser.add_argument("--why", required=True, help="what for; written into the book")
    parser.add_argument(
        "--days", type=days, help="days of the incident, such as 1-3; the first is 1 "
        "(without it: those of the first week that are over and not published yet)",
    )  # fmt: skip
    parser.add_argument("--epsilon", type=number, default=Decimal("1.0"), help="for each day (1.0)")
    parser.add_argument("--delta", type=number, default=Decimal("1e-7"), help="for each day (1e-7)")
    parser.add_argument(
        "--cap", type=int, default=MOST_OF_A_DAY, help="posts of an author and day that count (3)"
    )
    parser.add_argument("--no-hashtags", action="store_true", help="publish no hashtags")
    parser.add_argument("--hide-tags", type=Path, help="a file of hashtags never to publish")
    parser.add_argument(
        "--budget", type=number, help="epsilon that a day may give in all, for a new book (1.0)"
    )


def run(arguments: Namespace) -> int:
    """Publish."""
    at = now()
    state = State.load(arguments.state)
    hidden = frozenset() if arguments.hide_tags is None else load_hidden(arguments.hide_tags)
    budget = None if arguments.budget is None else Budget(epsilon=arguments.budget)
    with new_folder(arguments.out) as folder, open_book(arguments.ledger, budget) as book:
        plan = Plan(
            days=arguments.days or _unpublished(state, book, at),
            epsilon=arguments.epsilon,
            delta=arguments.delta,
            cap=arguments.cap,
            hashtags=not arguments.no_hashtags,
            hidden=hidden,
        )
        require_releasable(state, plan)
        purpose = Purpose(arguments.who, arguments.why, _what(plan), at)
        # First written down, then drawn: what was drawn is known, whatever happens afterwards.
        book.spend(spendings(state.settings, plan), purpose)
        publication = Publication(release(state, plan), plan, at, book.seal)
        write_publication(publication, folder)
    sys.stdout.writelines(f"{line}\n" for line in _said(publication, arguments))
    return 0


def days(words: str) -> tuple[int, ...]:
    """Return the days of words such as `1-3,5`."""
    found: list[int] = []
    for part in words.split(","):
        first, _, latest = part.partition("-")
        try:
            start, end = int(first), int(latest or first)
        except ValueError:
            message = f"{words!r} does not name days; write them as 1-3 or 1,2,5."
            raise ArgumentTypeError(message) from None
        if not 1 <= start <= end <= _MOST_DAYS:
            message = f"{words!r} does not name days from 1 to {_MOST_DAYS}, the earlier one first."
            raise ArgumentTypeError(message)
        found += range(start, end + 1)
    return tuple(sorted(set(found)))


def number(words: str) -> Decimal:
    """Return a decimal number such as 0.5 or 1e-7."""
    try:
        return Decimal(words)
    except InvalidOperation:
        message = f"{words!r} is not a number; write it as 0.5 or 1e-7."
        raise ArgumentTypeError(message) from None


def _unpublished(state: State, book: BudgetBook, at: datetime) -> tuple[int, ...]:
    """Return the days of the first week that are over and of which nothing was published yet."""
    settings = state.settings
    found = []
    for day in range(1, _FIRST_WEEK + 1):
        is_over = starts_at(settings, day + 1) <= at
        if is_over and not any(book.spent(spendings(settings, Plan(days=(day,)))[0])):
            found.append(day)
    if not found:
        message = (
            "No day of the first week is over and not published yet; name the days, such as "
            "--days 1 for what is known of the first one so far."
        )
        raise ReleaseError(message)
    return tuple(found)


def _what(plan: Plan) -> str:
    numbers = ", ".join(str(day) for day in plan.days)
    tags = "posts and hashtags" if plan.hashtags else "posts"
    return f"{tags} of days {numbers}, at most {plan.cap} of an author and day"


def _said(publication: Publication, arguments: Namespace) -> Iterator[str]:
    for day in publication.days:
        apart = "by language" if day.by_language else "all languages together"
        yield (
            f"Day {day.number}: {day.total:,} posts (±{day.total_margin}), cells of {day.hours} h, "
            f"{apart}, ±{day.margin} each; {len(day.tags)} hashtags."
        )
    yield f"The figures are in {arguments.out}; read its README.md before you publish them."
    yield f"The book {arguments.ledger} stands at {publication.seal}; note it elsewhere."
