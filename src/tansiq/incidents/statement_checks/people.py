"""Names of private persons, as far as words can tell. It misses names and doubts harmless ones."""

import re
from collections.abc import Iterator
from typing import Final

from tansiq.incidents.statement_checks.draft import Draft, Finding, Weight
from tansiq.incidents.statement_checks.words import pattern, plain_letters, sentences_of
from tansiq.incidents.statement_texts import with_plain_digits

_NAME: Final = r"[A-ZÀ-Ý][\w'-]+"
# Particles inside a name.
_INSIDE: Final = r"(?:bin|binti|bint|ibn|al|el|de|dela|del|van|ap|a/l|a/p)"
_WHOLE: Final = rf"{_NAME}(?:\s+(?:{_INSIDE}\s+)*{_NAME})+"
_TITLED: Final = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mdm|Pak|Bapak|Bu|Ibu|Sdr|Sdri|Saudara|Saudari|Encik|Puan|Cik|Tuan"
    r"|M|Mme|Mlle|Monsieur|Madame|Mademoiselle|G|Gng|Ginoong|Ginang|Binibining|Bb|Aling|Mang"
    r"|Kuya|Ate|Ustaz|Ustadz|Ustazah|Ustadzah|Sheikh|Syekh|Kiai|Kyai|Haji|Hajah|Father|Fr"
    rf"|Padre|Pastor|Pendeta|Imam)\b\.?\s+({_NAME}(?:\s+{_NAME})*)"
)
_NAMING: Final = re.compile(
    r"\b(?:named|identified as|by the name of|called|identifiée? comme|nommée?s?|du nom de"
    r"|bernama|atas nama|berinisial|diidentifikasi sebagai|dikenal sebagai|dikenali sebagai"
    r"|dikenal pasti sebagai|kinilalang si|kinilala bilang|nagngangalang|pinangalanang)"
    rf"\s+(?:si\s+)?({_NAME}(?:\s+(?:{_INSIDE}\s+)*{_NAME})*)"
)
_AGED: Final = re.compile(
    rf"({_WHOLE})\s*(?:,\s*(?:aged\s+)?|\(\s*)\d{{1,2}}\s*(?:[,.)]|years|year|ans|tahun|taong|$)"
)
_SI: Final = re.compile(rf"\b(?:[Ss]i|[Ss]ina|[Kk]ay)\s+({_NAME}(?:\s+{_NAME})*)")
_PAIR: Final = re.compile(rf"\b{_WHOLE}")
_ARABIC_NAMING: Final = re.compile(
    r"(?<!\w)(?:ال)?(?:مدعوة|مدعو|يدعى|تدعى|اسمه|اسمها|واسمه|واسمها)\s+(\w+(?:\s+\w+)?)"
)
_ARABIC_TITLED: Final = re.compile(
    r"(?<!\w)و?(?:السيد|السيدة|الآنسة|الشيخ|الأستاذ|الأستاذة|الحاج|الحاجة)\s+"
    r"(?!(?:في|من|على|إلى|عن|أو|رئيس|رئيسة|وزير|وزيرة|محافظ|محافظة|مدير|مديرة)\b)(\w+(?:\s+\w+)?)"
)
# Capital letters that name a body, a place or an office.
_BODIES: Final = re.compile(
    r"\b(?:police|hospital|city|hall|cent(?:re|er|rum)|street|road|avenue|market|school|station"
    r"|church|mosque|cathedral|temple|bureau|office|university|college|council|committee|ministry"
    r"|department|agency|bank|park|bridge|airport|port|terminal|mall|plaza|stadium|district"
    r"|province|barangay|region|county|republic|red cross|red crescent|civil|family|assistance"
    r"|mayor|governor|president|minister|secretary|chief|officer|spokes\w*|update|help|line"
    r"|helpline|fund|support|service\w*|unit|force|team|desk|board|day|night|week|north|south"
    r"|east|west|central|jalan|jln|gedung|pasar|rumah|sakit|kota|kabupaten|provinsi|kecamatan"
    r"|kelurahan|desa|dinas|badan|kantor|polres\w*|polda|polri|polsek|masjid|gereja|pura|wali"
    r"|walikota|bupati|gubernur|kepala|presiden|menteri|palang|merah|polis|majlis|jabatan|balai"
    r"|dewan|kampung|taman|lebuh|datuk|bandar|bomba|hospital|kementerian|perdana|menteri"
    r"|lungsod|pulisya|palengke|simbahan|paaralan|ospital|kagawaran|pamahalaan|alkalde|mairie"
    r"|préfecture|police|hôpital|rue|place|avenue|gare|école|église|mosquée|ministère|croix"
    r"|rouge|ville|maire|préfet|ministre|centre|services?|january|february|march|april|may|june"
    r"|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday"
    r"|saturday|sunday|senin|selasa|rabu|kamis|jumat|sabtu|minggu|januari|februari|maret|mei"
    r"|juni|juli|agustus|oktober|desember|allah|god|tuhan|diyos|dieu|islam\w*|muslim\w*|kristen"
    r"|christian\w*|catholic\w*)\b",
    re.IGNORECASE,
)
_MOST = 3


def names_in(draft: Draft) -> Iterator[Finding]:
    """Return names: a stop where the words say that it is somebody, a hint where it may be."""
    for code, text in draft.texts.items():
        found: list[Finding] = []
        for raw in sentences_of(text.whole):
            sentence = _without_known(plain_letters(with_plain_digits(raw)), draft)
            found += _in_arabic(sentence) if code == "ar" else _in_latin(code, sentence)
        stops = [one for one in found if one.is_stop]
        said = {one.quote for one in stops}
        hints = [one for one in found if not one.is_stop and one.quote not in said]
        yield from stops
        yield from hints[:_MOST]


def _in_latin(code: str, sentence: str) -> Iterator[Finding]:
    for sure in (_NAMING, _AGED):
        yield from _found(sure, sentence, code, weight=Weight.STOP)
    if code == "fil":
        yield from _found(_SI, sentence, code, weight=Weight.HINT)
    yield from _found(_TITLED, sentence, code, weight=Weight.HINT)
    for match in _PAIR.finditer(sentence):
        name = _without_first(match.group(), is_first=match.start() == 0)
        if " " not in name or _BODIES.search(name) or pattern(code, "groups").search(name):
            continue
        if _is_of_the_case(code, sentence, match):
            yield Finding("person_named", Weight.STOP, code, name)
        else:
            yield Finding("person_maybe", Weight.HINT, code, name)


def _found(sure: re.Pattern[str], sentence: str, code: str, *, weight: Weight) -> Iterator[Finding]:
    named = "person_named" if weight is Weight.STOP else "person_maybe"
    for match in sure.finditer(sentence):
        if not _BODIES.search(match[1]):
            yield Finding(named, weight, code, match[1])


def _without_first(name: str, *, is_first: bool) -> str:
    """Leave out the word with which a sentence begins when three stand together."""
    first, _space, rest = name.partition(" ")
    return rest if is_first and " " in rest else name if not is_first else f"{first} {rest}"


def _is_of_the_case(code: str, sentence: str, match: re.Match[str]) -> bool:
    """Return whether a word such as "victim" or "suspect" stands directly by the name."""
    roles = pattern(code, "roles")
    # "Witness" may itself begin the sentence, and so stand in the match.
    before = [*sentence[: match.start()].split()[-2:], match.group().split()[0]]
    after = sentence[match.end() :].split()[:4]
    return bool(roles.search(" ".join(before)) or roles.search(" ".join(after)))


def _in_arabic(sentence: str) -> Iterator[Finding]:
    for match in _ARABIC_NAMING.finditer(sentence):
        yield Finding("person_named", Weight.STOP, "ar", match[1])
    for match in _ARABIC_TITLED.finditer(sentence):
        yield Finding("person_maybe", Weight.HINT, "ar", match.group())


def _without_known(sentence: str, draft: Draft) -> str:
    for name in sorted(draft.known_names, key=len, reverse=True):
        sentence = re.sub(re.escape(name), "…", sentence, flags=re.IGNORECASE)
    return sentence
