"""Whether the languages of one alert say the same: all that is no text must be equal.

A translation that is milder, ends later or covers another street is worse than none, because each
reader sees one language only. Of the texts themselves, what is silent and what numbers stand in
them can be compared; whether "18" in one is "6" in another is for people to say.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from tansiq.incidents.cap.message import Area, Info
from tansiq.incidents.cap.texts import write_circle, write_moment, write_polygon


@dataclass(frozen=True)
class Difference:
    """One thing that a language says otherwise than the first; empty words mean: not at all."""

    field: str
    label: "str | Promise"
    language: str
    first_language: str
    first: str
    other: str


@dataclass(frozen=True)
class _Compared:
    field: str
    label: Promise
    shown: Callable[[Info], str]


def differences(infos: Sequence[Info]) -> list[Difference]:
    """Return where later languages say otherwise than the first, in the order of the alert."""
    if not infos:
        return []
    first = infos[0]
    return [
        Difference(
            compared.field,
            compared.label,
            info.language,
            first.language,
            compared.shown(first),
            compared.shown(info),
        )
        for info in infos[1:]
        for compared in _COMPARED
        if compared.shown(first) != compared.shown(info)
    ]


def said_twice(infos: Sequence[Info]) -> list[str]:
    """Return the languages that stand in the alert more than once, in lower case."""
    spoken = [info.language.lower() for info in infos]
    return sorted({language for language in spoken if spoken.count(language) > 1})


def _sorted(words: Sequence[str]) -> str:
    return ", ".join(sorted(words))


def _moment(name: str) -> Callable[[Info], str]:
    def shown(info: Info) -> str:
        moment = getattr(info, name)
        return write_moment(moment.astimezone(dt.UTC)) if moment else ""

    return shown


def _presence(name: str) -> Callable[[Info], str]:
    """Texts differ by language, but one language must not keep silent where another speaks."""
    return lambda info: "…" if getattr(info, name).strip() else ""


def _numbers(info: Info) -> str:
    """Return the runs of digits in what is said, whatever digits the language writes."""
    said = f"{info.headline} {info.description} {info.instruction}"
    plain = "".join(str(unicodedata.digit(sign, sign)) for sign in said)
    return ", ".join(sorted({run.lstrip("0") or "0" for run in re.findall(r"[0-9]+", plain)}))


def _area(area: Area) -> str:
    drawn = [*map(write_polygon, area.polygons), *map(write_circle, area.circles)]
    coded = [f"{code.name} {code.value}" for code in area.geocodes]
    heights = [str(height) for height in (area.altitude, area.ceiling) if height is not None]
    return "; ".join([*sorted(drawn), *sorted(coded), *heights])


def _areas(info: Info) -> str:
    return " | ".join(sorted(_area(area) or "…" for area in info.areas))


_COMPARED = (
    _Compared(
        "category", pgettext_lazy("alert", "Kind of danger"), lambda i: _sorted(i.categories)
    ),
    _Compared("urgency", pgettext_lazy("alert", "Urgency"), lambda i: str(i.urgency)),
    _Compared("severity", pgettext_lazy("alert", "Severity"), lambda i: str(i.severity)),
    _Compared("certainty", pgettext_lazy("alert", "Certainty"), lambda i: str(i.certainty)),
    _Compared("responseType", pgettext_lazy("alert", "What to do"), lambda i: _sorted(i.responses)),
    _Compared("effective", pgettext_lazy("alert", "Holds from"), _moment("effective")),
    _Compared("onset", pgettext_lazy("alert", "Danger begins"), _moment("onset")),
    _Compared("expires", pgettext_lazy("alert", "Holds until"), _moment("expires")),
    _Compared("area", pgettext_lazy("alert", "Area"), _areas),
    _Compared("headline", pgettext_lazy("alert", "Headline"), _presence("headline")),
    _Compared("description", pgettext_lazy("alert", "What happened"), _presence("description")),
    _Compared("instruction", pgettext_lazy("alert", "Instructions"), _presence("instruction")),
    _Compared("numbers", pgettext_lazy("alert", "Numbers in the text"), _numbers),
)
