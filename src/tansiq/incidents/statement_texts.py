"""The words of a statement as plain text: slots of holding texts, digits, length as text message.

Pure functions; the playbook keeps its holding texts with slots such as {place}.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

SLOT = re.compile(r"\{(\w+)\}")
# What may stand in a slot: a few words of one sentence. A full stop belongs to it only inside,
# as in 16.30.
_FILLED: Final = r"((?:[^\n.!?؟{}]|\.(?=\S)){1,120})"
# The alphabet of short messages (GSM 03.38); those of the second row count twice.
_GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE: Final = frozenset("^{}\\[~]|€")
ONE_MESSAGE: Final = 160
ONE_MESSAGE_OTHER_LETTERS: Final = 70


def slots_in(text: str) -> list[str]:
    """Return the names of the slots, in the order in which they stand there."""
    return list(dict.fromkeys(SLOT.findall(text)))


def filled(text: str, slots: Mapping[str, str]) -> str:
    """Return the text with its slots filled; one that nobody filled stays, to be seen."""
    return SLOT.sub(lambda match: slots.get(match[1], "") or match[0], text)


def is_filled_form_of(template: str, text: str) -> bool:
    """Return whether the text is this holding text, changed in nothing but its slots."""
    parts = SLOT.split(_one_line(template))
    # split gives text, name, text, …; a slot that comes again must hold the same words.
    pattern, seen = "", dict[str, int]()
    for position, part in enumerate(parts):
        if position % 2 == 0:
            pattern += re.escape(part)
        elif part in seen:
            pattern += rf"\{seen[part]}"
        else:
            seen[part] = len(seen) + 1
            pattern += _FILLED
    return re.fullmatch(pattern, _one_line(text)) is not None


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def with_plain_digits(text: str) -> str:
    """Return the text with all digits written 0 to 9, and without marks that are not seen."""
    seen = (one for one in text if unicodedata.category(one) != "Cf")
    return "".join(
        str(unicodedata.digit(one)) if unicodedata.category(one) == "Nd" else one for one in seen
    )


def numbers_in(text: str) -> set[str]:
    """Return the numbers of a text, such as 16:30 or 117, each in one way of writing."""
    found = re.findall(r"\d+(?:[ .:,\-\u00a0]?\d+)*", with_plain_digits(text))
    return {re.sub(r"\D", "", one).lstrip("0") or "0" for one in found}


def message_length(text: str) -> tuple[int, int]:
    """Return how many characters a text message counts, and how many fit into one."""
    if all(one in _GSM or one in _GSM_TWICE for one in text):
        return len(text) + sum(one in _GSM_TWICE for one in text), ONE_MESSAGE
    return len(text.encode("utf-16-le")) // 2, ONE_MESSAGE_OTHER_LETTERS


def short_form(headline: str, body: str) -> str:
    """Return as many whole sentences as fit into one text message; at least the first words."""
    whole = _one_line(f"{headline}. {body}" if headline else body)
    most = message_length(whole)[1]
    sentences = re.split(r"(?<=[.!?؟])\s+", whole)
    kept = ""
    for sentence in sentences:
        longer = f"{kept} {sentence}".strip()
        if message_length(longer)[0] > most:
            break
        kept = longer
    return kept or whole[: most - 1].rsplit(" ", 1)[0] + "…"
