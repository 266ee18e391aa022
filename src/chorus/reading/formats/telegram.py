"""Messages of a public channel or group, as Telegram's desktop program exports them."""

from collections.abc import Iterator
from typing import Any, Final

from chorus.reading.formats.base import Format, Record
from chorus.reading.rows import Post, first, plain

# What the reader of documents adds to each message: the number of the channel it stands in.
CHANNEL: Final = "channel_id"
PUBLIC_CHANNELS: Final = ("public_channel", "public_supergroup", "public_group")


def _posts(record: Record) -> Iterator[Post]:
    text = _text(record.get("text"))
    if record.get("type", "message") != "message" or text is None:
        return
    yield Post(
        id=f"{plain(record.get(CHANNEL)) or ''}/{plain(record.get('id'))}",
        # `date` is what the clock of the exporting computer said; the number has no zone.
        at=first(record.get("date_unixtime"), record.get("date")),
        author=plain(record.get("from_id")),
        text=text,
        repost="forwarded_from" in record,
    )


def _text(value: Any) -> str | None:
    """Return a text that is one string, or a list of strings and marked parts."""
    if not isinstance(value, list):
        return plain(value)
    parts = (item.get("text") if isinstance(item, dict) else item for item in value)
    return "".join(item for item in parts if isinstance(item, str))


def _recognises(record: Record) -> bool:
    return "date" in record and "from_id" in record and "text" in record


TELEGRAM: Final = Format("telegram", "an export of Telegram", _recognises, _posts)
