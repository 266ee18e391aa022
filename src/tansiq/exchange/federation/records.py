"""What a bundle may tell: each kind of record with its fields, their kinds and their limits.

There is no field for a person anywhere. What is not listed here is refused, not ignored: an older
platform must not take half of what a newer one means.
"""

import datetime as dt
import re
import unicodedata
import uuid
from collections.abc import Callable
from typing import Any, Final

from tansiq.exchange.federation.errors import BundleError

Record = dict[str, Any]
Check = Callable[[Any], bool]

MOST_RECIPIENTS: Final = 5000
MOST_FILES: Final = 20
LONGEST_TEXT: Final = 200_000
LONGEST_REPLY: Final = 50_000
# What the format knows; what a peer may send of it is decided at each side.
KINDS: Final = frozenset(
    [
        "briefing",
        "information",
        "support",
        "offer",
        "warning",
        "guidance",
        "consultation",
        "feedback",
        "notice",
    ]
)
MARKINGS: Final = frozenset({"clear", "green", "amber"})
STATES: Final = frozenset(["sent", "received", "read", "understood", "will_act", "cannot"])
_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,60}")
_COUNTRY = re.compile(r"([a-z]{2})?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{2,5})?")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def line(most: int, *, least: int = 0) -> Check:
    """Accept one line of text: no control signs that could end a header or hide a word."""

    def is_line(value: Any) -> bool:
        return isinstance(value, str) and least <= len(value) <= most and one_line(value) == value

    return is_line


def prose(most: int) -> Check:
    """Accept text of several lines."""

    def is_prose(value: Any) -> bool:
        return isinstance(value, str) and len(value) <= most and plain_text(value) == value

    return is_prose


def one_line(text: str) -> str:
    """Return the text without anything but characters one can see, and spaces."""
    return "".join(" " if unicodedata.category(one) in {"Cc", "Cs"} else one for one in text)


def plain_text(text: str) -> str:
    """Return the text without control signs, but with its lines and tabs."""
    lines = text.replace("\r\n", "\n")
    return "".join(
        "\ufffd" if unicodedata.category(one) in {"Cc", "Cs"} and one not in "\n\t" else one
        for one in lines
    )


def moment(at: dt.datetime | None) -> str:
    """Return the moment as bundles write it; empty for none."""
    return at.astimezone(dt.UTC).isoformat() if at is not None else ""


def read_moment(text: str) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def is_moment(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(value) and moment(read_moment(value)) == value
    except (ValueError, OverflowError):
        return False


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and dt.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_uuid(value: Any) -> bool:
    try:
        return isinstance(value, str) and str(uuid.UUID(value)) == value
    except ValueError:
        return False


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def number(most: int) -> Check:
    def is_number(value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most

    return is_number


def fits(pattern: re.Pattern[str]) -> Check:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def among(words: frozenset[str]) -> Check:
    return lambda value: isinstance(value, str) and value in words


def maybe(check: Check) -> Check:
    """Accept the empty text, too."""
    return lambda value: value == "" or check(value)


def shape(fields: dict[str, Check]) -> Check:
    """Accept an object with these fields and no others."""

    def is_so(value: Any) -> bool:
        if not isinstance(value, dict) or value.keys() != fields.keys():
            return False
        return all(check(value[name]) for name, check in fields.items())

    return is_so


def each(check: Check, *, most: int) -> Check:
    """Accept a list of these."""
    return lambda value: (
        isinstance(value, list) and len(value) <= most and all(check(one) for one in value)
    )


is_body: Final = shape({"slug": fits(_SLUG), "country": fits(_COUNTRY)})
is_file: Final = shape(
    {
        "name": line(200, least=1),
        "size": number(2**40),
        "sha256": fits(_SHA256),
    }
)
is_sha256: Final = fits(_SHA256)
is_uuid: Final = _is_uuid
_FIELDS: Final[dict[str, dict[str, Check]]] = {
    "item": {
        "type": among(frozenset({"item"})),
        "uuid": _is_uuid,
        "owner": is_body,
        "kind": among(KINDS),
        "title": line(200, least=1),
        "text": prose(LONGEST_TEXT),
        "language": fits(_LANGUAGE),
        "marking": among(MARKINGS),
        "hub_wide": _is_bool,
        "purpose": line(200),
        "reply_by": maybe(is_moment),
        "expires_on": _is_day,
        "list_open": _is_bool,
        "answers": maybe(_is_uuid),
        "sent_at": is_moment,
        "recipients": each(is_body, most=MOST_RECIPIENTS),
        "files": each(is_file, most=MOST_FILES),
    },
    "receipt": {
        "type": among(frozenset({"receipt"})),
        "uuid": _is_uuid,
        "recipient": is_body,
        "state": among(STATES),
        "reason": line(500),
        "received_at": maybe(is_moment),
        "read_at": maybe(is_moment),
        "acknowledged_at": maybe(is_moment),
        "answered_at": maybe(is_moment),
        "decided_at": maybe(is_moment),
        "decision": line(500),
    },
    "reply": {
        "type": among(frozenset({"reply"})),
        "uuid": _is_uuid,
        "reply": _is_uuid,
        "by": is_body,
        # Whose exchange with the sender it belongs to; for words to all it may be left empty.
        "recipient": maybe(is_body),
        "text": prose(LONGEST_REPLY),
        "language": fits(_LANGUAGE),
        "at": is_moment,
        "to_all": _is_bool,
    },
    "recall": {
        "type": among(frozenset({"recall"})),
        "uuid": _is_uuid,
        "at": is_moment,
        "reason": line(300),
    },
    "purge": {"type": among(frozenset({"purge"})), "uuid": _is_uuid, "at": is_moment},
    # The answer to a purge, and to a last day that has passed: the copy is deleted, too.
    "purged": {"type": among(frozenset({"purged"})), "uuid": _is_uuid, "at": is_moment},
    # The key that signs from the next bundle on, and its own agreement.
    "key": {
        "type": among(frozenset({"key"})),
        "public": fits(_SHA256),
        "signature": fits(re.compile(r"[0-9a-f]{128}")),
    },
}


def check_record(record: Any) -> None:
    """Return if this is a record of a known kind with exactly its fields. Raises BundleError."""
    kind = record.get("type") if isinstance(record, dict) else None
    fields = _FIELDS.get(kind) if isinstance(kind, str) else None
    if fields is None:
        raise BundleError("form", "a record of an unknown kind")
    missing = fields.keys() ^ record.keys()
    if missing:
        raise BundleError("form", f"{kind}: {sorted(missing)[0]}"[:100])
    wrong = [name for name, check in fields.items() if not check(record[name])]
    if wrong:
        raise BundleError("form", f"{kind}.{wrong[0]}")
    if kind == "receipt" and record["state"] == "cannot" and not record["reason"].strip():
        raise BundleError("form", "receipt.reason")
    if kind == "reply" and not record["to_all"] and record["recipient"] == "":
        raise BundleError("form", "reply.recipient")
