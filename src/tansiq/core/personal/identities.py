"""Identity and passport numbers: by their structure where they have one, else by a word nearby."""

import re
from collections.abc import Iterator
from datetime import date

from tansiq.core.personal.found import Certainty, Kind
from tansiq.core.personal.hits import Hit
from tansiq.core.personal.windows import SIX_SIGNS, Windows, around, scan

_SIXTEEN = re.compile(r"(?<![\w.,+-])\d(?:[ .\n-]?\d){15}(?![\w%])")
_CARD = re.compile(r"\d{4}([ -])\d{4}\1\d{4}\1\d{4}")
_THIRTEEN = re.compile(r"(?<![\w.,+-])\d{13}(?![\w%])")
_MYKAD = re.compile(r"(?<![\w.,+-])\d{6}([ -]?)\d{2}\1\d{4}(?![\w%-])")
_PHILIPPINES = re.compile(
    # SSS 2-7-1, common reference number 4-7-1, PhilHealth 2-9-1.
    r"(?<![\w.,+-])(?:\d{2}-\d{7}-\d|\d{4}-\d{7}-\d|\d{2}-\d{9}-\d)(?![\w-])"
)
_UGANDA = re.compile(r"(?<!\w)C[MF] ?(?=[A-Z]{0,2}\d{5})[0-9A-Z]{12}(?!\w)")
_WORDS = """
identity card|identity number|identity no|national id|national identity|national number|national no
id card|id number|id no|kad pengenalan|kartu identitas|kartu keluarga|kartu tanda penduduk
nomor induk|nomor identitas|nomor rekening|rekening|akaun bank|kitambulisho|huduma|maisha
матичен број|voter's id|voters id|voter id|carte d'identité|carte nationale d'identité
numéro d'identité|n° d'identité|bank account|account number|account no|compte bancaire
driving licence|driving license|lesen memandu
الرقم الوطني|رقمه الوطني|رقمها الوطني|رقم وطني|رقم الهوية|رقم هويته|رقم هويتها|هويته|هويتها
بطاقة الهوية|رقم القيد|رقم السجل|حساب بنكي|حسابه البنكي|بطاقة هوية
"""
_CODES = (
    "NIK|KTP|KK|NPWP|BPJS|MyKad|MyKid|IC|EMBG|ЕМБГ|NIN|SSS|UMID|GSIS|TIN|CRN|PCN|PSN|PhilSys|PhilID"
    "|PhilHealth|Pag-?IBIG|ID|CIN|CNI|IBAN|NSSF|NHIF|KRA"
)
_WORD = re.compile(
    rf"(?<!\w)(?:(?:{_CODES})(?:-nya)?(?!\w)|(?i:{'|'.join(_WORDS.strip().splitlines())}))"
)
_NUMBER = re.compile(r"(?<![\w.,+])[A-Z]{0,3}[ -]?\d(?:[ .-]?[\dA-Z]){5,24}(?!\w)")
_DIGITS = re.compile(r"\d")
_NO_PERSON = re.compile(
    r"(?i:meeting|activity|project|record|log|plan|item|indicator|ticket|webinar|zoom|kegiatan|aktiviti|report"
    r"|proyek|projet|case|event|document|dokumen|place|kode|code|file) (?i:id|no)?\W*$"
)
_OF_A_THING = re.compile(
    r"(?i:meeting|rapat|mesyuarat|kegiatan|aktiviti|activity|project|projek|proyek|projet|gawain)"
)
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)")
_PASSPORT = re.compile(
    r"(?i:passports?|paspor(?:nya)?|pasaporte|passeports?|pasport|جواز(?: سفر| السفر)?(?:ه|ها)?)"
    r"[^\d\n]{0,24}?(?<!\w)([A-Z]{0,2} ?\d{6,9}[A-Z]?|\d{2}[A-Z]{2}\d{5})(?!\w)"
)
_PROVINCES = frozenset(
    str(one)
    for first, last in (
        (11, 19),
        (21, 21),
        (31, 36),
        (51, 53),
        (61, 65),
        (71, 76),
        (81, 82),
        (91, 97),
    )
    for one in range(first, last + 1)
)
_NO_BIRTHPLACE = frozenset(
    {"00", "17", "18", "19", "20", "69", "70", "73", "80", "81", *map(str, range(94, 98))}
)
_NEAR = 48


def identities_in(text: str) -> Iterator[Hit]:
    windows = around(SIX_SIGNS, text)
    yield from _by_structure(text, windows)
    for match in scan(_PASSPORT, text, windows):
        yield Hit(*match.span(1), Kind.PASSPORT)
    for word in scan(_WORD, text, windows):
        if hit := _behind(text, word):
            yield hit


def _by_structure(text: str, windows: Windows) -> Iterator[Hit]:
    for pattern, read in _STRUCTURES:
        for match in scan(pattern, text, windows):
            if found := read(match.group()):
                yield Hit(*match.span(), Kind.IDENTITY, *found)


Read = tuple[Certainty, str] | None


def _sixteen(words: str) -> Read:
    if _is_nik(_digits(words)):
        return Certainty.SURE, "id"
    return (Certainty.LIKELY, "ph") if _CARD.fullmatch(words) else None


def _mykad(words: str) -> Read:
    if not _is_mykad(_digits(words)):
        return None
    return (Certainty.SURE if "-" in words else Certainty.LIKELY), "my"


def _embg(words: str) -> Read:
    return (Certainty.SURE, "mk") if is_embg(words) else None


def _philippine(_words: str) -> Read:
    return Certainty.LIKELY, "ph"


def _nin(_words: str) -> Read:
    # What its signs stand for is nowhere published that we know of; the form is that of no other.
    return Certainty.LIKELY, "ug"


def _iban(words: str) -> Read:
    signs = words.replace(" ", "")
    turned = "".join(str(int(one, 36)) for one in signs[4:] + signs[:4])
    return (Certainty.SURE, signs[:2].lower()) if int(turned) % 97 == 1 else None


_STRUCTURES = (
    (_SIXTEEN, _sixteen),
    (_THIRTEEN, _embg),
    (_MYKAD, _mykad),
    (_PHILIPPINES, _philippine),
    (_UGANDA, _nin),
    (_IBAN, _iban),
)


def _behind(text: str, word: re.Match[str]) -> Hit | None:
    """Return the number that follows a word such as "identity card", on the same line."""
    if word.group() == "ID" and _NO_PERSON.search(text[max(0, word.start() - 16) : word.start()]):
        return None
    match = _NUMBER.search(text, word.end(), min(len(text), word.end() + _NEAR))
    if match is None:
        return None
    between = text[word.end() : match.start()]
    if "\n" in between or _OF_A_THING.search(between):
        return None
    if "." in between.replace("no.", "").replace("No.", "") or len(_digits(match.group())) < 6:  # noqa: PLR2004 -- digits
        return None
    if _YEARS.match(match.group()):
        return None
    return Hit(match.start(), match.end(), Kind.IDENTITY, Certainty.LIKELY)


_YEARS = re.compile(
    r"(?:19|20)\d\d(?:[-/ .]|$)|\d\d?[./-]\d\d?[./-](?:19|20)\d\d|\d{1,3}(?:[., ]\d{3})+$"
)


def _is_nik(digits: str) -> bool:
    """Province, regency, district; day (women's plus 40), month, year; a number."""
    day = int(digits[6:8])
    return (
        digits[:2] in _PROVINCES
        and digits[2:4] != "00"
        and (1 <= day <= 31 or 41 <= day <= 71)  # noqa: PLR2004 -- days of a month
        and 1 <= int(digits[8:10]) <= 12  # noqa: PLR2004 -- months
    )


def _is_mykad(digits: str) -> bool:
    """Day of birth, place of birth, a number."""
    return digits[6:8] not in _NO_BIRTHPLACE and any(
        _is_day(century + int(digits[:2]), digits[2:4], digits[4:6]) for century in (1900, 2000)
    )


def is_embg(digits: str) -> bool:
    """Day of birth with three digits of its year, region, a number, and the check digit."""
    if not any(
        _is_day(millennium + int(digits[4:7]), digits[2:4], digits[:2])
        for millennium in (1000, 2000)
    ):
        return False
    weights = (7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = sum(int(one) * weight for one, weight in zip(digits, weights, strict=False)) % 11
    check = 0 if rest in {0, 1} else 11 - rest
    return check == int(digits[12])


def _is_day(year: int, month: str, day: str) -> bool:
    try:
        date(year, int(month), int(day))
    except ValueError:
        return False
    return True


def _digits(words: str) -> str:
    return "".join(_DIGITS.findall(words))
