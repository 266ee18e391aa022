"""Whether a text speaks of conditions, as it should, or of somebody.

The threat and resilience picture and consultations are never about persons, groups by faith or
descent, or single places of worship. Lists of a closed kind keep that in the tables; this looks
at the few texts that people write freely. It refuses what is plainly a person, a number, an
account or a house of worship. It cannot know every name; the words at the field ask for the rest.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext as _

from tansiq.core.personal import Certainty, Kind, find
from tansiq.core.personal.names import titles_before_a_name

_NUMBER = re.compile(r"(?<![\w.])\+?\d(?:[ ().\-/\u00a0]{0,2}\d){6,}(?!\w)")
# What has as many digits and is none: years, days, amounts with points or blanks.
_PLAIN = re.compile(
    r"(?:19|20)\d\d ?[-/] ?(?:19|20)\d\d|\d{4}-\d\d-\d\d(?:[ /]+\d{4}-\d\d-\d\d)?"
    r"|\d\d?[./]\d\d?[./]\d{4}|\d{1,3}(?:[.\u00a0 ]\d{3})+"
)
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.\w{2,}")
_HANDLE = re.compile(
    r"(?<![\w.])@\w[\w.]+"
    r"|\b(?:facebook|fb|instagram|tiktok|twitter|x|t|telegram|youtube|wa|whatsapp|threads|vk|ok)"
    r"\.(?:com|me|be|org|net|ru)/\S+"
    r"|\b(?:fb|ig|instagram|facebook|tiktok|telegram|whatsapp|twitter|signal)\s*[:=]\s*\S+",
    re.IGNORECASE,
)
# A word of respect and the name behind it: refused here whether the name is known or not. An
# office that sounds like a title: the mayor, in Malay.
_TITLED = re.compile(
    rf"\b(?!(?i:datuk bandar)\b(?!\s+[A-Z]))(?i:{'|'.join(sorted(titles_before_a_name()))})\b[.']?"
    r"\s+(?:[A-Z]\.\s*)?[A-ZÀ-Ý][\w'’-]+"
)
_TITLED_IN_ARABIC = re.compile(
    rf"(?<!\w)(?:و|ف)?(?:ال|لل|بال|كال)(?:{'|'.join(sorted(titles_before_a_name(arabic=True)))})"
    r"\s+(?!(?:في|من|على|إلى|عن|أو|ثم|الذي|التي|هو|هي)\b)\w+"
    r"|(?<!\w)المدعو[ة]?\s+\w+"
)
_WORSHIP = (
    r"masjid|mosque|surau|musholla|musala|church|gereja|simbahan|église|mosquée|kapilya|chapel"
    r"|pura|vihara|wihara|kuil|klenteng|gurdwara|synagogue|cathedral|katedral|cathédrale"
)
_HOUSE = re.compile(
    rf"\b(?i:{_WORSHIP})\s+(?i:of\s+|de\s+|du\s+|ng\s+|st\.?\s+|saint[e]?\s+)*[A-ZÀ-Ý][\w'’-]+"
    rf"|\b(?!(?:The|A|An|Each|Every|One|No|Any|This|That|Our|Their|Local|Le|La|Une|Chaque|Ang)\b)"
    rf"[A-ZÀ-Ý][\w'’-]+\s+(?i:mosque|church|cathedral|synagogue|temple|chapel)\b"
)
_HOUSE_IN_ARABIC = re.compile(
    r"(?<!\w)(?:مسجد|جامع|كنيسة|معبد|حسينية|دير)\s+(?!(?:في|من|أو|على|واحد|واحدة)\b)\w+"
)
_FAITHS = re.compile(
    r"\b(?:muslims?|islamists?|christians?|catholics?|katoliko?|protestants?|protestan|kristen"
    r"|kristian|kristiyano|jews?|jewish|yahudi|hindus?|buddhis\w*|sikhs?|sunnis?|sunnites?|shias?"
    r"|shi['’]?ites?|syiah|chiites?|ahmadi\w*|ahmadiyah|salafi\w*|salafistes?|wahhabi\w*|sufis?"
    r"|musulman\w*|chrétien\w*|juif|juifs|juives?|catholiques?|hindous?|bouddhistes?)\b"
    r"|(?<!\w)(?:ال)?(?:مسلمون|مسلمين|مسيحيون|مسيحيين|مسيحي|يهود|يهودي|سنة|شيعة|شيعي|سلفيون|سلفيين"
    r"|أقباط|دروز|علويون|علويين|أحمديون)(?!\w)"
    r"|\b(?:ethnic|etnis|suku|kaum|tribe of|ethnie)\s+(?-i:[A-Z])\w+",
    re.IGNORECASE,
)
_OPENING = frozenset(
    [
        "a",
        "an",
        "the",
        "in",
        "at",
        "on",
        "of",
        "for",
        "from",
        "and",
        "but",
        "no",
        "many",
        "some",
        "all",
        "most",
        "each",
        "every",
        "this",
        "that",
        "when",
        "after",
        "le",
        "la",
        "les",
        "des",
        "du",
        "un",
        "une",
        "au",
        "aux",
        "en",
        "dans",
        "di",
        "ke",
        "dari",
        "para",
        "pada",
        "untuk",
        "yang",
        "banyak",
        "ang",
        "mga",
        "sa",
        "ng",
        "si",
        "ni",
        "noong",
    ]
)
_TWO_NAMES = re.compile(
    r"\b[A-ZÀ-Ý][\w'’-]+(?:\s+(?:bin|binti|al|el|de|dela|van)?\s*[A-ZÀ-Ý][\w'’-]+)+"
)


def plain(text: str) -> str:
    """Return the text with one way of writing digits and without what is not seen."""
    seen = (one for one in text if unicodedata.category(one) != "Cf")
    return "".join(
        str(unicodedata.digit(one)) if unicodedata.category(one) == "Nd" else one
        for one in unicodedata.normalize("NFKC", "".join(seen))
    )


def problems_of(text: str, *, speaks_of_risk: bool) -> list[str]:
    """Return what must not stand in this text, each as a sentence with a way out.

    Where a text speaks of drivers or risks it names no community at all.
    """
    written = plain(text)
    sure = _sure(written)
    found = [
        (
            _numbers(written) + sure[Kind.IDENTITY] + sure[Kind.PASSPORT] + sure[Kind.TELEPHONE],
            _("“%(words)s” looks like a telephone or identity number. Take it out."),
        ),
        (
            _MAIL.findall(written) + sure[Kind.EMAIL],
            _("“%(words)s” is an e-mail address. Take it out."),
        ),
        (
            _first(_HANDLE, _MAIL.sub(" ", written)),
            _("“%(words)s” looks like somebody’s account or page. Describe what happens instead."),
        ),
        (
            _first(_TITLED, written) or _first(_TITLED_IN_ARABIC, written) or sure[Kind.NAME],
            _("“%(words)s” names a person. Name the office or the kind of body instead."),
        ),
        (
            _first(_HOUSE, written) or _first(_HOUSE_IN_ARABIC, written),
            _("“%(words)s” is a single place of worship. Speak of the place as a whole instead."),
        ),
    ]
    if speaks_of_risk:
        sentence = _(
            "“%(words)s” names a community. Say what happens, not who people are; for a community "
            "that is attacked, write “a faith community”."
        )
        found.append((_first(_FAITHS, written), sentence))
    return [sentence % {"words": words[0]} for words, sentence in found if words]


def possible_names(text: str, *, known: Iterable[str]) -> list[str]:
    """Return capitalised words that stand together and are no known body or place."""
    written = plain(text)
    for name in sorted(known, key=len, reverse=True):
        written = re.sub(re.escape(name), " … ", written, flags=re.IGNORECASE)
    pairs = (_without_opening(pair) for pair in _TWO_NAMES.findall(written))
    return [pair for pair in pairs if " " in pair]


def _without_opening(pair: str) -> str:
    """Leave out the small word with which a sentence begins."""
    first, _space, rest = pair.partition(" ")
    return rest if first.casefold() in _OPENING else pair


def _sure(text: str) -> defaultdict[Kind, list[str]]:
    """Return what the guard of personal data is sure of, by its kind."""
    found = defaultdict(list)
    for one in find(text):
        if one.certainty == Certainty.SURE:
            found[one.kind].append(one.words)
    return found


def _first(pattern: re.Pattern[str], text: str) -> list[str]:
    match = pattern.search(text)
    return [match.group().strip()] if match else []


def _numbers(text: str) -> list[str]:
    found = (match.group() for match in _NUMBER.finditer(text))
    return [one for one in found if not _PLAIN.fullmatch(one)]
