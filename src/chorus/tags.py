"""Hashtags as they are written, and the form in which their spellings count as one."""

from pathlib import Path
from typing import Any, Final

import polars as pl

# Longer ones are not hashtags on any platform we read.
LONGEST: Final = 100

_FOUND: Final = r"[#＃]([\p{L}\p{M}\p{N}_\u200c\u200d·]+)"
# Numbers of entities such as &#39; are no tags.
_ENTITY: Final = r"&#x?[0-9A-Fa-f]+;?"
_HAS_LETTER: Final = r"\p{L}"
_INVISIBLE: Final = r"[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]"
# Accents of Latin, Greek and Cyrillic, and Arabic marks, lengthening strokes and recitation signs;
# the vowels of Indic scripts are marks too, but are letters to those who read them.
_MARKS: Final = r"[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]"
_ENDS: Final = "_-·.,:;!?'\"’‘“”…()[]{}«»،؛؟*~^|/\\@#＃"
_ARABIC: Final = {"ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ۃ": "ه", "ک": "ك"}
_DIGITS: Final = {chr(zero + digit): str(digit) for zero in (0x660, 0x6F0) for digit in range(10)}
_LETTERS: Final = _ARABIC | _DIGITS


class HiddenTagsError(Exception):
    """The file of tags to hide cannot be read; the message says what to do."""


def tags_of(texts: pl.Series) -> pl.Series:
    """Return the hashtags of each text as written, without the #, in the order of the text.

    A text without any, or null, has an empty list. What has no letter is not a hashtag.
    """
    found = (
        texts.cast(pl.String)
        .fill_null("")
        .str.replace_all(_ENTITY, " ")
        .str.extract_all(_FOUND)
        .list.eval(pl.element().str.strip_chars_start("#＃"))
        .list.eval(pl.element().filter(pl.element().str.contains(_HAS_LETTER)))
    )
    return found.alias("tags")


def fold_tags(written: Any) -> pl.Series:
    """Return the form in which spellings of a tag count as one; empty for what is no tag.

    Case, accents, Arabic marks and letter variants, digits of other scripts, marks of direction,
    joiners without width, and punctuation at either end make no difference.
    """
    tags = pl.Series("tag", written, dtype=pl.String)
    folded = (
        tags.str.replace_all(_INVISIBLE, "")
        .str.normalize("NFKD")
        .str.replace_all(_MARKS, "")
        .str.normalize("NFKC")
        .str.to_lowercase()
        .str.replace_many(list(_LETTERS), list(_LETTERS.values()))
        .str.strip_chars(_ENDS)
    )
    is_tag = folded.str.contains(_HAS_LETTER) & (tags.str.len_chars() <= LONGEST)
    return folded.zip_with(is_tag.fill_null(value=False), pl.Series([""], dtype=pl.String))


def load_hidden(path: Path) -> frozenset[str]:
    """Read the tags that are never to be shown, one a line, such as those that name a person.

    Returns them folded. What follows `# ` on a line is a remark. Raises HiddenTagsError.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise HiddenTagsError(
            f"The file of tags to hide cannot be opened: {error.strerror}."
        ) from error
    except UnicodeDecodeError as error:
        raise HiddenTagsError("The file of tags to hide is not UTF-8; save it as UTF-8.") from error
    written = [line.split("# ", 1)[0].strip() for line in lines]
    return frozenset(fold_tags(written)) - {""}
