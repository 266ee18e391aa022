"""Texts that a desk does not take, whichever way they come."""

from collections.abc import Iterable

from tansiq.incidents.plain_words import problems_of_count, problems_of_words


class NotAboutPersonsError(Exception):
    """A text names somebody, or is a record of somebody; the message says what and what to do."""


def refuse_persons(texts: Iterable[str], *, names_groups: bool = True) -> None:
    """Raise NotAboutPersonsError if one of these texts speaks of a person or the like."""
    for text in texts:
        for problem in problems_of_words(text, names_groups=names_groups):
            raise NotAboutPersonsError(problem)


def refuse_records(texts: Iterable[str]) -> None:
    """Raise NotAboutPersonsError if one of these texts is about anybody's case."""
    for text in texts:
        for problem in problems_of_count(text):
            raise NotAboutPersonsError(problem)
