"""Number plates of vehicles: by a form that little else has, or by a word nearby."""

import re
from collections.abc import Iterator

from tansiq.core.personal.found import Certainty, Kind
from tansiq.core.personal.hits import Hit
from tansiq.core.personal.windows import LETTER_AND_DIGIT, around, scan

_KENYA = re.compile(
    r"(?<!\w)K[A-Z]{2}[ -]?\d{3}[A-Z](?!\w)|(?<!\w)K[A-Z]{2} \d{3} ?[A-Z](?!\w)"
    r"|(?<!\w)KM[A-Z]{2} ?\d{3}[A-Z](?!\w)"
)
_UGANDA = re.compile(r"(?<!\w)U[A-Z]{2}[ -]?\d{3} ?[A-Z](?!\w)")
_INDONESIA = re.compile(
    r"(?<![\w.])(?:A[ABDEG]?|B[ABDEGHKLMNP]?|D[ABCDEGHKLMNRST]?|E[ABD]?|F|G|H|K[BHTU]?|L|M"
    r"|N|P[AB]?|R|S|T|W|Z)"
    r" \d{1,4} [A-Z]{2,3}(?!\w)"
)
_MACEDONIA = re.compile(
    r"(?<!\w)(?:SK|BT|OH|KU|TE|PP|ST|SR|VE|GV|GE|KP|RA|DB|DE|KI|KS|SU|VI|VV|NE|PS|RE|MB|BE"
    r"|DK|DH|KR)"
    r"[- ]?\d{4}[- ]?[A-Z]{2}(?!\w)"
)
_VEHICLE = re.compile(
    r"\b(?:plates?|plat|nopol|no\.? ?pol\w*|nomor polisi|nombor (?:plat|pendaftaran)|plaka"
    r"|plaque|immatricul\w*"
    r"|registration|cars?|vehicle|van|truck|pick-?up|motorcycle|motorbike|boda ?boda"
    r"|kereta|kenderaan|motosikal"
    r"|mobil|motor|kendaraan|kotse|sasakyan|motorsiklo|voiture|véhicule|camionnette|moto"
    r"|scooter|jeep|taxi)\b"
    r"|(?<!\w)(?:ال|ب|بال|وال|لل)?(?:سيارة|سيارته|سيارتها|مركبة|لوحة|لوحتها|دراجة|دراجته"
    r"|شاحنة)(?!\w)",
    re.IGNORECASE,
)
# What a plate may look like where a word says that it is one.
_ANY = re.compile(
    r"(?<![\w.])(?:[A-Z]{1,3}[ -]?\d{1,4}[ -]?[A-Z]{0,3}|[A-Z][ /-]?\d{4,7}|\d{2}-\d{3,5}"
    r"|\d{3,4}[ -]?[A-Z]{2,3}"
    r"|\d{5,7}[ /-]?[A-Z\u0621-\u064a])(?![\w.-]|\d)"
)
_NEAR = 40
_CODE = re.compile(
    r"(?:ISO|RA|UU|UN|EU|PP|SDG|RAN|RAD|RM|KM|CT|TV|HQ|PHP|IDR|USD|KES|UGX|JOD|LBP|EUR|No)[ -]?\d"
    r"|[A-Z] ?\d$"
)
_YEAR = re.compile(r"[A-Z]{0,3}[ -]?(?:19|20)\d\d")


def plates_in(text: str) -> Iterator[Hit]:
    windows = around(LETTER_AND_DIGIT, text)
    for country, pattern in (("ke", _KENYA), ("ug", _UGANDA), ("mk", _MACEDONIA)):
        for match in scan(pattern, text, windows):
            yield Hit(*match.span(), Kind.PLATE, Certainty.LIKELY, country)
    for match in scan(_INDONESIA, text, windows):
        if not 1990 <= int(match.group().split()[1]) <= 2040:  # noqa: PLR2004 -- years
            yield Hit(*match.span(), Kind.PLATE, Certainty.LIKELY, "id")
    for word in scan(_VEHICLE, text, windows):
        if hit := _behind(text, word.end()):
            yield hit


def _behind(text: str, start: int) -> Hit | None:
    """Return the plate that follows the word for a vehicle, in the same sentence."""
    match = _ANY.search(text, start, min(len(text), start + _NEAR))
    if match is None or _END.search(text, start, match.start()):
        return None
    if _CODE.match(match.group()) or _YEAR.fullmatch(match.group()):
        return None
    return Hit(*match.span(), Kind.PLATE, Certainty.SURE)


_END = re.compile(r"\n|[.!?؟] ")
