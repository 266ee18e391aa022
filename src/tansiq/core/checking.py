"""Checks of the machine and the database, which run only when an operator asks for them."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.checks import CheckMessage, register

Look = Callable[[], Iterable[CheckMessage]]
TAG = "operator"
_asked: ContextVar[bool] = ContextVar("asked", default=False)


def when_asked(look: Look) -> Look:
    """Register a check for `tansiq check`, and for no other command's start."""

    def check(**_given: Any) -> list[CheckMessage]:
        return list(look()) if _asked.get() else []

    register(check, TAG)
    return look


@contextmanager
def asking() -> Iterator[None]:
    """Let the checks of this file's kind run."""
    token = _asked.set(True)
    try:
        yield
    finally:
        _asked.reset(token)
