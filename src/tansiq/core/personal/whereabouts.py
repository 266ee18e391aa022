"""Where somebody lives: positions as exact as a house, and addresses with its number."""

import re
from collections.abc import Iterator

from tansiq.core.personal.found import Certainty, Kind
from tansiq.core.personal.hits import Hit
from tansiq.core.personal.windows import DIGIT, STROKE, Windows, around, scan

# Four places behind the point are about eleven metres.
_PAIR = re.compile(
    r"(?<![\w.])(-?\d{1,2}\.\d{4,15})°? ?[NSUnsu]?[,; ]{1,3}"
    r"(?:[a-z]{0,4}:? ?)?(-?\d{1,3}\.\d{4,15})(?![\w.]?\d)"
)
_PAIR_IN_WORDS = re.compile(
    r"\b(?:lat|latitude|lintang)\w*\W{0,3}(-?\d{1,2}\.\d{4,15})\W{1,4}(?:lon|lng|long"
    r"|longitude|bujur)\w*\W{0,3}"
    r"(-?\d{1,3}\.\d{4,15})",
    re.IGNORECASE,
)
_SECONDS = re.compile(
    r"\d{1,3} ?° ?\d{1,2} ?' ?\d{1,2}(?:[.,]\d{1,6})? ?(?:\"|'') ?(?:[NSEWUTBLO]|LU|LS|BT)?"
    r"(?:[ ,;]{1,3}\d{1,3} ?° ?\d{1,2} ?' ?\d{1,2}(?:[.,]\d{1,6})? ?(?:\""
    r"|'') ?(?:[NSEWUTBLO]|LU|LS|BT)?)?"
)
_PLUS_CODE = re.compile(r"(?<!\w)[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}(?!\w)")
_THREE_WORDS = re.compile(r"(?<![\w:/])///[^\W\d_]{3,20}\.[^\W\d_]{3,20}\.[^\W\d_]{3,20}")
_MAP = re.compile(
    r"(?:https?://)?(?:maps\.app\.goo\.gl|goo\.gl/maps|(?:www\.)?google\.[a-z.]{2,6}/maps"
    r"|maps\.google\.[a-z.]{2,6}"
    r"|(?:www\.)?openstreetmap\.org|(?:www\.)?waze\.com|maps\.apple\.com|w3w\.co"
    r"|what3words\.com)/[^\s<>\"]{1,300}"
    r"|\bgeo:-?\d[^\s<>\"]{3,60}",
    re.IGNORECASE,
)
_NUMBER = r"(?:no|nomor|nombor|number|nº|n°|#|blok|block|blk)\.? ?#?\d{1,4}[A-Za-z]?(?:/\d{1,3})?"
# For each, the words without which it need not be looked for.
_ADDRESSES = tuple(
    (tuple(words.split()), re.compile(pattern, flags))
    for words, pattern, flags in (
        # Indonesia: street and number; the neighbourhood of a few dozen houses.
        (
            "jl jln jalan gg gang",
            rf"\b(?:jl|jln|jalan|gg|gang)\b\.? [^\n,;]{{2,40}}?,? {_NUMBER}",
            re.IGNORECASE,
        ),
        ("rt", r"\bRT[ .]{0,2}\d{1,3} ?[/, ] ?RW[ .]{0,2}\d{1,3}", re.IGNORECASE),
        # Malaysia: number, then street.
        (
            "jalan jln lorong lrg persiaran kampung kg taman",
            r"\b(?:no\.? ?|lot ?)\d{1,5}[A-Za-z]?,? (?:jalan|jln|lorong|lrg|persiaran"
            r"|kampung|kg\.?|taman) [A-Z0-9]\w{0,20}(?: [A-Z0-9][\w/]{0,20}){0,3}",
            re.IGNORECASE,
        ),
        # The Philippines: block and lot; number and street.
        ("blk block", r"\b(?:blk|block)\.? ?\d{1,3},? (?:lot|lt)\.? ?\d{1,3}", re.IGNORECASE),
        (
            "st ave road rd lane ln drive ext",
            r"(?<![\w.,])#?\d{1,5}[A-Z]?(?:,? [A-Z][\w.']{1,20}){1,4} (?:St|Street|Ave"
            r"|Avenue|Road|Rd|Lane|Ln|Drive|Extension|Ext)\b\.?",
            0,
        ),
        (
            "purok sitio",
            r"\b(?:purok|sitio) [\w-]{1,20},? (?:bahay|house|blk|#)\D{0,6}\d{1,4}",
            re.IGNORECASE,
        ),
        # A house, wherever it is.
        (
            "house flat apartment apt door plot rumah bahay appartement appt maison",
            r"\b(?:house|flat|apartment|apt|door|plot|rumah|bahay|appartement|appt"
            r"|maison)\.? (?:no|number|numéro|nomor|nombor|numero|n°|#"
            r"|blg)\.? ?#?\d{1,4}[A-Za-z]?\b",
            re.IGNORECASE,
        ),
        (
            "flat apartment apt appartement appt",
            r"\b(?:flat|apartment|apt|appartement|appt) \d{1,4}[A-Za-z]?\b",
            re.IGNORECASE,
        ),
        # France and the Lebanon in French.
        (
            "rue avenue av. boulevard bd impasse allée chemin ruelle",
            r"(?<![\w.,])\d{1,4}(?: ?(?:bis|ter))?,? (?:rue|avenue|av\.|boulevard|bd"
            r"|impasse|allée|chemin|ruelle) [^\W\d][\w' -]{1,30}",
            re.IGNORECASE,
        ),
        (
            "rue avenue boulevard impasse",
            r"\b(?:rue|avenue|boulevard|impasse) [^\n,;]{2,30},? (?:immeuble|imm\.|n°"
            r"|numéro|no) ?\w{1,20}(?:,? \w{1,3}(?:er|e|ème) étage)?",
            re.IGNORECASE,
        ),
        # In Arabic: street, then house or building.
        (
            "شارع زقاق حارة حي",
            r"(?<!\w)(?:ب|ال|في )?(?:شارع|زقاق|حارة|حي) [^\n,.;\d]{2,40}?,? ?(?:رقم|بناية"
            r"|مبنى|عمارة|منزل|بيت|شقة|دار)(?: رقم)? ?\d{1,4}",
            0,
        ),
        ("رقم", r"(?<!\w)(?:ال|و|ب)?(?:منزل|بيت|شقة|عمارة|بناية|دار) رقم ?\d{1,4}", 0),
    )
)


def whereabouts_in(text: str) -> Iterator[Hit]:
    windows, low = around(DIGIT, text), text.lower()
    yield from _pairs(text, windows)
    for match in _other_positions(text, low, windows):
        yield Hit(*match.span(), Kind.COORDINATES)
    for words, pattern in _ADDRESSES:
        if any(word in low for word in words):
            for match in scan(pattern, text, windows):
                yield Hit(*match.span(), Kind.ADDRESS, Certainty.LIKELY)


def _other_positions(text: str, low: str, windows: Windows) -> Iterator[re.Match[str]]:
    if "°" in text:
        yield from scan(_SECONDS, text, windows)
    if "+" in text:
        yield from scan(_PLUS_CODE, text, windows)
    if "///" in text:
        yield from _THREE_WORDS.finditer(text)
    if any(word in low for word in _MAPS):
        yield from scan(_MAP, text, around(STROKE, text, after=320))


def _pairs(text: str, windows: Windows) -> Iterator[Hit]:
    if not _EXACT.search(text):
        return
    for pattern in (_PAIR, _PAIR_IN_WORDS):
        for match in scan(pattern, text, windows):
            if abs(float(match[1])) <= 90 and abs(float(match[2])) <= 180:  # noqa: PLR2004 -- the globe
                yield Hit(*match.span(), Kind.COORDINATES)


_EXACT = re.compile(r"\d\.\d{4}")
_MAPS = ("goo", "maps", "openstreetmap", "waze", "w3w", "what3words", "geo:")
