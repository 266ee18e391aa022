"""E-mail addresses, accounts and profiles."""

import re
from collections.abc import Iterator

from tansiq.core.personal.found import Certainty, Kind
from tansiq.core.personal.hits import Hit
from tansiq.core.personal.windows import STROKE, around, scan

_MAIL = re.compile(
    r"(?<![\w.+-])([\w.+-]{1,64})"
    r" ?(?:@|[(\[{] ?(?:at|arobase|et) ?[)\]}]) ?"
    r"[\w-]{1,63}(?: ?(?:\.|[(\[{] ?(?:dot|point|titik) ?[)\]}]) ?[\w-]{2,63}){1,4}",
    re.IGNORECASE,
)
# The mailbox of an office is one too, and more people read it.
_OFFICE = re.compile(
    r"(?:info|contact|kontak|office|admin|secretariat\w*|sekretariat|secretary|press|presse|media|hello"
    r"|support|help|helpdesk|humas|pejabat|hotline|enquir\w+|inquir\w+|mail|aduan|pengaduan|registry|desk"
    r"|no-?reply|webmaster|pr|comms?)(?:[.\-_]\w+)?",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w.@/])@(?=\w*[^\W\d_])\w[\w.]{1,29}\w")
_PROFILE = re.compile(
    r"(?<![\w.])(?:https?://)?(?:www\.|m\.|web\.)?(?:facebook|fb|instagram|tiktok|twitter|x|threads|t|telegram"
    r"|youtube|wa|vk|ok|linkedin|snapchat)\.(?:com|me|net|org|ru|be)/[^\s<>\"]{2,200}",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:fb|ig|insta|instagram|facebook|tiktok|telegram|whatsapp|twitter|signal|viber|discord|snapchat|x)"
    r"(?: (?:account|akun|akaun|name|username|id|user|compte|handle))?"
    r" ?[:=] ?(?![\d+(])[\w.@-]{3,40}"
    r"|\b(?:username|user name|handle|akun|akaun|nama pengguna|nom d'utilisateur|pseudo)"
    r" ?(?:[:=]|is|ialah|adalah) ?[\w.@-]{3,40}"
    r"|(?<!\w)(?:حساب|معرف)[هاة]{0,2}(?: [\u0600-\u06ff]{2,12}){0,2} ?:? ?@?[A-Za-z][\w.]{2,30}",
    re.IGNORECASE,
)


def online_in(text: str) -> Iterator[Hit]:
    if "@" in text or "(" in text or "[" in text:
        for match in _MAIL.finditer(text):
            office = _OFFICE.fullmatch(match[1])
            certainty = Certainty.LIKELY if office else Certainty.SURE
            yield Hit(*match.span(), Kind.EMAIL, certainty)
    everywhere = [(0, len(text))]
    for pattern, where in (
        (_HANDLE, everywhere if "@" in text else []),
        (_PROFILE, around(STROKE, text, after=320)),
        (_NAMED, everywhere),
    ):
        for match in scan(pattern, text, where):
            end = match.end() - (len(match.group()) - len(match.group().rstrip(".,;:!?)")))
            yield Hit(match.start(), end, Kind.ACCOUNT, Certainty.LIKELY)
