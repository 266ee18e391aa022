from pathlib import Path

import allauth
import django
from babel.messages.pofile import read_po

from tansiq.core import borrowed

CATALOGUES = [
    Path(django.__file__).parent / "conf/locale/fr/LC_MESSAGES/django.po",
    Path(django.__file__).parent / "contrib/auth/locale/fr/LC_MESSAGES/django.po",
    Path(allauth.__file__).parent / "locale/fr/LC_MESSAGES/django.po",
]


def lent():
    """Return the strings Django and allauth mark, plural ones by their first form."""
    found = set()
    for path in CATALOGUES:
        with path.open("rb") as file:
            found |= {
                message.id if isinstance(message.id, str) else message.id[0]
                for message in read_po(file)
            }
    return found


def key(word):
    return word if isinstance(word, str) else word._kw["singular"]


def test_every_borrowed_word_is_still_used_where_it_comes_from():
    words = {key(word) for word in (*borrowed.FORMS, *borrowed.PASSWORDS, *borrowed.SIGNING_IN)}

    assert words - lent() == set()
    assert len(words) > 60
