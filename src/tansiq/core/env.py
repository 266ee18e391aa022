"""Typed readers of the environment. They refuse nonsense with a sentence that says what to do.

Every `TANSIQ_X` may also come from the file named in `TANSIQ_X_FILE`, for secrets. A name that
nobody reads is an error, so that a misspelt setting is noticed; see `unknown_names`.
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

PREFIX = "TANSIQ_"
known: set[str] = set()


def text(name: str, default: str = "") -> str:
    """Return the setting as text; an empty value counts as not given."""
    known.update({name, f"{name}_FILE"})
    if path := os.environ.get(f"{name}_FILE", ""):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as problem:
            message = f"{name}_FILE names {path!r}, which cannot be read: {problem.strerror}."
            raise ImproperlyConfigured(message) from problem
    return os.environ.get(name, "") or default


def yes_or_no(name: str, *, default: bool) -> bool:
    value = text(name, "yes" if default else "no").lower()
    if value in {"yes", "true", "1", "on"}:
        return True
    if value in {"no", "false", "0", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}. Write yes or no.")


def whole_number(name: str, default: int, *, least: int = 0) -> int:
    value = text(name, str(default))
    if not value.isdecimal() or int(value) < least:
        message = f"{name} is {value!r}. Write a whole number of at least {least}."
        raise ImproperlyConfigured(message)
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """Return a comma-separated setting as a list without blanks."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def numbers_by_word(name: str, defaults: dict[str, int]) -> dict[str, int]:
    """Return whole numbers of at least 1 by their words; "warning=2,offer=21" changes two."""
    found = dict(defaults)
    for entry in words(name):
        word, _equals, number = (part.strip() for part in entry.partition("="))
        if word not in defaults or not number.isdecimal() or int(number) < 1:
            listed = ", ".join(sorted(defaults))
            raise ImproperlyConfigured(
                f"{name} holds {entry!r}. Write word=number with one of: {listed}."
            )
        found[word] = int(number)
    return found


def one_of(name: str, choices: set[str], default: str) -> str:
    value = text(name, default)
    if value not in choices:
        listed = ", ".join(sorted(choices))
        raise ImproperlyConfigured(f"{name} is {value!r}. Write one of: {listed}.")
    return value


def unknown_names() -> list[str]:
    """Return the `TANSIQ_` names in the environment that no setting reads."""
    return sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
