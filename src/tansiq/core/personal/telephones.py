"""Telephone numbers: international, and as they are written in eight countries."""

import re
from collections.abc import Iterator

from tansiq.core.personal.found import Certainty, Kind
from tansiq.core.personal.hits import Hit
from tansiq.core.personal.windows import SEVEN_DIGITS, around, scan

# Between two digits of one number; a line may break there.
_JOIN = r"[ .()\-\n]{0,2}"
_ABROAD = re.compile(rf"(?<![\w+])(?:\+|00 ?)(?=[ (]?[1-9])[ (]?\d(?:{_JOIN}\d){{7,13}}(?!\w)")
_AT_HOME = re.compile(rf"(?<![\w.,+/#])\(?0(?:{_JOIN}\d){{7,12}}(?![\w%])")
_WITHOUT_PLUS = re.compile(
    rf"(?<![\w.,+/-])(?:62{_JOIN}8|63{_JOIN}9|60{_JOIN}1|254{_JOIN}[17]|256{_JOIN}7|962{_JOIN}7|389{_JOIN}7"
    rf"|961{_JOIN}[378])(?:{_JOIN}\d){{7,10}}(?!\w)"
)
# Lebanon leaves the zero out, and writes a stroke or a line behind the first two digits.
_LEBANON = re.compile(r"(?<![\w.,+/-])(?:0?3|7[016-9]|81)[-/]\d{3}[ .-]?\d{3}(?![\w%])")
_CALLED = re.compile(
    r"(?:\b(?:tel|telp|telepon|telefon|teleponnya|t[ée]l[ée]phone|phone|hp|hpnya|nope|wa|whatsapp|mobile|mob"
    r"|cell(?:phone)?|cp|contact|call|text|texted|sms|hubungi|tawagan|i-?text|telepono|telefono|simu|viber)\b"
    r"|(?<!\w)(?:و|ب|ال|لل)?(?:هاتف|هاتفه|هاتفها|تلفون|تلفونه|جوال|جواله|موبايل|موبايله|خلوي|اتصل|اتصلوا|واتساب))"
    r"[^\d\n+]{0,24}(\(?\d(?:[ .()\-]{0,2}\d){6,11})(?![\w%])",
    re.IGNORECASE,
)
# Each country's own form, in digits alone. Checked by the evaluation and described in the docs.
_FORMS = (
    ("id", re.compile(r"08[1-9]\d{7,10}|0(?:2[1-9]|[3-7]\d{2}|9\d{2})\d{6,8}")),
    ("ph", re.compile(r"09\d{9}|02[78]\d{7}|0[3-8]\d\d{7}")),
    ("my", re.compile(r"01[0-46-9]\d{7,8}|03\d{8}|0[4-79]\d{7}|08\d{7}")),
    ("ke", re.compile(r"0(?:7\d|1[01])\d{7}|020\d{7}")),
    ("ug", re.compile(r"07\d{8}|0(?:41|39|31)\d{7}")),
    ("jo", re.compile(r"07[789]\d{7}|0[2356]\d{7}")),
    ("mk", re.compile(r"07\d{7}|02\d{7}|0[34]\d{7}")),
    ("lb", re.compile(r"0[1-9]\d{6}")),
)
_CODES = {
    "62": "id",
    "63": "ph",
    "60": "my",
    "254": "ke",
    "256": "ug",
    "962": "jo",
    "961": "lb",
    "389": "mk",
}
# As many digits, and no telephone: days, spans of time, amounts, free numbers of services.
_OTHER = re.compile(
    r"\d\d?[./-]\d\d?[./-](?:19|20)\d\d.*|(?:19|20)\d\d[./-]\d\d?[./-]\d\d?.*"
    r"|[012]?\d[.:][0-5]\d ?- ?[012]?\d[.:][0-5]\d|(?:19|20)\d\d ?[-/] ?(?:19|20)\d\d"
    r"|\d{1,3}(?:[. ]000)+|1[ -]?[38]00[ -].*|0?8?800[ -]?1?[ -]?\d.*",
    re.DOTALL,
)
_MONEY = re.compile(r"(?:Rp|IDR|PHP|₱|RM|MYR|KES|KSh|UGX|USD|\$|€|EUR|JOD|LBP|MKD|ل\.ل) ?$")
_NO_PERSON = re.compile(r"(?:meeting|webinar|zoom|hotline|toll)[^\n]{0,20}$", re.IGNORECASE)


def telephones_in(text: str) -> Iterator[Hit]:
    windows = around(SEVEN_DIGITS, text)
    for pattern, certainty in ((_ABROAD, Certainty.SURE), (_WITHOUT_PLUS, Certainty.LIKELY)):
        for match in scan(pattern, text, windows):
            yield Hit(*match.span(), Kind.TELEPHONE, certainty, _country(match.group()))
    for match in scan(_AT_HOME, text, windows):
        if hit := _at_home(text, match):
            yield hit
    for pattern, country in ((_LEBANON, "lb"), (_CALLED, "")):
        for match in scan(pattern, text, windows):
            start, end = match.span(pattern.groups)
            if not _is_other(text, start, text[start:end]):
                yield Hit(start, end, Kind.TELEPHONE, Certainty.LIKELY, country)


def _country(words: str) -> str:
    digits = _digits(words).removeprefix("00")
    return next((_CODES[code] for code in _CODES if digits.startswith(code)), "")


def _at_home(text: str, match: re.Match[str]) -> Hit | None:
    digits = _digits(match.group())
    if digits.startswith("00") or _is_other(text, match.start(), match.group()):
        return None
    countries = [country for country, form in _FORMS if form.fullmatch(digits)]
    if not countries and len(digits) < 9:  # noqa: PLR2004 -- the shortest with its area
        return None
    if countries == ["lb"] and match.group() == digits:
        return None
    sure = Certainty.SURE if countries and countries != ["lb"] else Certainty.LIKELY
    country = countries[0] if len(countries) == 1 else ""
    return Hit(*match.span(), Kind.TELEPHONE, sure, country)


def _is_other(text: str, start: int, words: str) -> bool:
    before = text[max(0, start - 24) : start]
    return bool(_OTHER.fullmatch(words) or _MONEY.search(before) or _NO_PERSON.search(before))


def _digits(words: str) -> str:
    return "".join(one for one in words if one.isdigit())
