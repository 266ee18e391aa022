"""The word that stands on everything that is said in an exercise."""

from django.utils.translation import gettext as _


def stamped(words: str) -> str:
    """Return the words with EXERCISE before them, in the language that is active."""
    return f"[{_('EXERCISE')}] {words}"
