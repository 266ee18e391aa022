from collections.abc import Iterable
from functools import lru_cache

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from tansiq.core.personal.finding import find
from tansiq.core.personal.found import Found, Kind

_WORDS = {
    Kind.ACCOUNT: _("account of a person"),
    Kind.TELEPHONE: _("telephone number"),
    Kind.IDENTITY: _("identity number"),
    Kind.PASSPORT: _("passport number"),
    Kind.EMAIL: _("e-mail address"),
    Kind.PLATE: _("number plate"),
    Kind.COORDINATES: _("exact position"),
    Kind.ADDRESS: _("street address"),
}


def kind_in_words(kind: Kind) -> str:
    """Return what people call this kind of thing, in the language of the page."""
    if kind == Kind.NAME:
        return pgettext("personal data", "name of a person")
    return str(_WORDS[kind])


def kinds_in(text: str, language: str = "") -> list[str]:
    """Return what people call the kinds of things in this text, each once."""
    return [kind_in_words(kind) for kind in _kinds(text, language)]


# The lines of a room are shown to many, and do not change.
@lru_cache(maxsize=2000)
def _kinds(text: str, language: str) -> tuple[Kind, ...]:
    return tuple(dict.fromkeys(one.kind for one in find(text, language=language)))


def masked(text: str, found: Iterable[Found]) -> str:
    """Return the text with each thing replaced by the words for its kind, in square brackets.

    The words are in the language of the page, which is the one people write in; the brackets
    turn with the line, so that it reads well from the right as well.
    """
    pieces, end = [], 0
    for one in sorted(found, key=lambda each: each.start):
        pieces += [text[end : one.start], f"[{kind_in_words(one.kind)}]"]
        end = one.end
    return "".join([*pieces, text[end:]])
