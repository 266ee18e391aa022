"""What a desk of the room refuses to write down: persons, accounts, links, and records of anyone.

What looks like a person or an account is found by the check that pictures and consultations use.
Boards count, they do not describe anybody: a text with somebody's age, diagnosis or treatment is
a record, and belongs to who treats them.
"""

import re

from django.utils.translation import gettext as _

from tansiq.plans.no_persons import plain
from tansiq.plans.queries.names import possible_names_in, problems_in

_LINK = re.compile(
    r"(?:https?|hxxps?|ftp)\s?:\s?/|\bwww\.|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|info|me|ly|gl|co"
    r"|io|tv|ru|id|ph|my|ke|lb)/\S+",
    re.IGNORECASE,
)
# Somebody's age, in the words of our languages; "children under 12" is a group and is none.
_AGED = re.compile(
    r"\b(?:aged|âgée? de|berumur|berusia|usia|umur|edad)\s+\d{1,3}\b"
    r"(?!\s*(?:-|–|to|à|hingga|sampai))"
    r"|\b\d{1,3}[\s-]?(?:years?|yrs?|y/o|yo)[\s-]?old\b|\b\d{1,3}\s*taong gulang\b"
    r"|(?<!\w)(?:عمره|عمرها)\s+\w+",
    re.IGNORECASE,
)
_CLINICAL = re.compile(
    r"\b(?:diagnos\w*|prescri\w*|medication|dosage|patient(?:s|e|es|en)?|pasien|pesakit|pasyente"
    r"|symptom\w*|symptôm\w*|gejala|sintomas|suicid\w*|bunuh diri|pagpapakamatay|ptsd|tspt"
    r"|psychos[ei]s|schizo\w*|depress\w*|dépress\w*|depresi|kemurungan|antidepress\w*"
    r"|blood type|golongan darah|case\s?(?:no|number|file|note)s?|rekam medis|medical record\w*"
    r"|dossier médical)\b"
    r"|(?<!\w)(?:ال)?(?:تشخيص|مريض|مريضة|مرضى|أعراض|انتحار|اكتئاب|وصفة|جرعة)(?!\w)",
    re.IGNORECASE,
)


def problems_of_words(text: str, *, names_groups: bool = True) -> list[str]:
    """Return what must not stand in a text of the rumour desk, each as a sentence with a way out.

    With `names_groups` off, no community by faith or descent may stand in it either.
    """
    found = _LINK.search(plain(text))
    if found:
        said = _("“%(words)s” is a link. Say what is claimed in your own words instead.")
        return [said % {"words": found.group().strip()}]
    return problems_in(text, speaks_of_risk=not names_groups)


def problems_of_count(text: str) -> list[str]:
    """Return what must not stand beside a count: persons, links, and records of anybody."""
    problems = problems_of_words(text)
    written = plain(text)
    for pattern in (_AGED, _CLINICAL):
        found = pattern.search(written)
        if found and not problems:
            said = _(
                "“%(words)s” speaks of somebody’s case. Boards hold counts only; who gives the "
                "help keeps the rest. Take it out."
            )
            problems.append(said % {"words": found.group().strip()})
    return problems


def possible_names(texts: list[str], *, country_code: str) -> list[str]:
    """Return capitalised words that might be a person and are no body or place we know."""
    return possible_names_in(texts, country_code=country_code)
