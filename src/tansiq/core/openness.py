"""How a view says that it asks the gate nothing, and why."""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def open_to_all(why: str) -> Callable[[View], View]:
    """Say why a view asks the gate nothing. A house test demands one or the other."""

    def mark(view: View) -> View:
        view.__dict__["open_to_all"] = why
        return view

    return mark
