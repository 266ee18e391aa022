"""What a draft shares with what must stay behind: a fuller version, or a source."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from tansiq.access.models import (
    Membership,
    Organisation,
    OrganisationKind,
    Place,
)
from tansiq.exchange.leaks import Known, Leak, Nature, leaks, passage_key, passages
from tansiq.exchange.models import Attachment, Handling, Item, Release
from tansiq.exchange.rules.handling import is_lower

# Of a country down to its cities; smaller places are found by their capital letter.
_DOWN_TO_LEVEL = 3
_FROM_SOURCE = frozenset(
    {Nature.NAME, Nature.PLACE, Nature.BODY, Nature.CONTACT, Nature.PHRASE, Nature.FILE}
)
WORDS = {
    Nature.NAME: pgettext_lazy("what a check found", "name"),
    Nature.PLACE: pgettext_lazy("what a check found", "place"),
    Nature.BODY: pgettext_lazy("what a check found", "organisation"),
    Nature.NUMBER: pgettext_lazy("what a check found", "number"),
    Nature.DAY: pgettext_lazy("what a check found", "day or hour"),
    Nature.CONTACT: pgettext_lazy("what a check found", "address or number of a person"),
    Nature.PHRASE: pgettext_lazy("what a check found", "wording"),
    Nature.FILE: pgettext_lazy("what a check found", "the same file"),
}


@dataclass(frozen=True)
class Passage:
    """A sentence of the fuller text and whether it stays there."""

    key: str
    words: str
    is_kept: bool


@dataclass(frozen=True)
class Finding:
    """One thing that is shared, wherever it stands, and the word with which it was let out."""

    sign: str
    nature: Nature
    words: str
    release: Release | None = None

    @property
    def label(self) -> Any:
        return WORDS[self.nature]


@dataclass(frozen=True)
class Check:
    item: Item
    found: Sequence[Leak]
    findings: Sequence[Finding]

    @property
    def open(self) -> list[Finding]:
        return [one for one in self.findings if one.release is None]

    @property
    def released(self) -> list[Finding]:
        return [one for one in self.findings if one.release is not None]

    @cached_property
    def parts(self) -> list[tuple[str, bool]]:
        """The text of the draft in pieces, and of each whether it is shared."""
        begins, text = len(self.item.title) + 1, self.item.text
        marked = {
            place - begins
            for one in self.found
            if one.nature != Nature.FILE
            for place in range(one.start, one.end)
        }
        signs = groupby(enumerate(text), key=lambda place: place[0] in marked)
        return [("".join(sign for _at, sign in run), is_found) for is_found, run in signs]


def sign_of(leak: Leak) -> str:
    """Return a sign for what was found that says nothing of its words."""
    return hashlib.sha256(f"{leak.nature}|{leak.key}".encode()).hexdigest()[:20]


def passages_of(fuller: Item) -> list[Passage]:
    """Return the title and the sentences of a fuller version, and which of them stay there."""
    kept = set(_kept_back(fuller))
    found = {passage_key(one): one for one in [fuller.title, *passages(fuller.text)]}
    return [Passage(key, words, key in kept) for key, words in found.items()]


def _kept_back(fuller: Item) -> list[str]:
    handling = Handling.objects.filter(item=fuller).first()
    return list(handling.kept_back) if handling is not None else []


def split(fuller: Item) -> tuple[list[str], list[str]]:
    """Return what stays behind and what may be known of a fuller version.

    Without a choice, or when a sentence of the choice was changed since, all of it stays.
    """
    whole = passages_of(fuller)
    chosen = set(_kept_back(fuller))
    if not chosen or chosen - {one.key for one in whole}:
        return [one.words for one in whole], []
    return (
        [one.words for one in whole if one.is_kept],
        [one.words for one in whole if not one.is_kept],
    )


def check(item: Item) -> Check:
    """Compare a draft with its fuller version and with its source, as they stand now."""
    files = list(Attachment.objects.filter(item=item).order_by("pk"))
    text = "\n".join([item.title, item.text, *(one.name for one in files)])
    found: list[Leak] = []
    if item.fullest is not None:
        found += _of_fuller(item, item.fullest, text)
        found += _same_files(item.fullest, files)
    if item.origin is not None:
        found += _of_source(item, item.origin, text)
        found += _same_files(item.origin, files)
    found = sorted({(one.start, one.end): one for one in found}.values())
    return Check(item, found, _findings(item, found))


def _findings(item: Item, found: Sequence[Leak]) -> list[Finding]:
    released = {one.sign: one for one in Release.objects.filter(item=item)}
    by_sign: dict[str, Finding] = {}
    for one in found:
        sign = sign_of(one)
        by_sign.setdefault(sign, Finding(sign, one.nature, one.words, released.get(sign)))
    return list(by_sign.values())


def _of_fuller(item: Item, fuller: Item, text: str) -> list[Leak]:
    kept, freed = split(fuller)
    spoken = (fuller.language, item.language)
    return leaks(kept, freed, text, languages=spoken, known=_known(item))


def _of_source(item: Item, source: Item, text: str) -> list[Leak]:
    """Names and wordings that would tell who it was; what it is about is meant to be passed on."""
    group = source.owner
    people = Membership.objects.filter(organisation=group, person__isnull=False)
    own = [item.owner.name, *item.owner.names.values()]
    if item.owner.place is not None:
        own += _names(item.owner.place)
    places = {} if group.place is None else {f"place {group.place_id}": _names(group.place)}
    return leaks(
        [
            source.title,
            source.text,
            *_names(group),
            *(name for one in places.values() for name in one),
        ],
        own,
        text,
        languages=(source.language, item.language),
        known=Known(
            places=places | _known(item).places, bodies={f"body {group.pk}": _names(group)}
        ),
        natures=_FROM_SOURCE,
        named=[*_names(group), *people.values_list("person__name", flat=True)],
    )


def _names(thing: Any) -> list[str]:
    return [thing.name, *thing.names.values()]


def _same_files(behind: Item, files: Sequence[Attachment]) -> list[Leak]:
    digests = set(Attachment.objects.filter(item=behind).values_list("sha256", flat=True))
    return [
        Leak(-one.pk - 1, -one.pk, Nature.FILE, one.sha256, one.name)
        for one in files
        if one.sha256 in digests
    ]


def _known(item: Item) -> Known:
    """Return the places and organisations of the owner's country, in all their languages."""
    owner = item.owner
    if owner.kind == OrganisationKind.HUB:
        codes = set(owner.countries.values_list("country_code", flat=True))
    else:
        codes = {owner.country_code}
    places = Place.objects.filter(country_code__in=codes, level__lte=_DOWN_TO_LEVEL)
    bodies = Organisation.objects.filter(country_code__in=codes)
    return Known(
        places={
            f"place {pk}": [name, *names.values()]
            for pk, name, names in places.values_list("pk", "name", "names")
        },
        bodies={
            f"body {pk}": [name, *names.values()]
            for pk, name, names in bodies.values_list("pk", "name", "names")
        },
    )


def refusal_to_send(item: Item) -> str:
    """Return why a lesser version or what is passed on cannot be sent yet; nothing if it can."""
    if item.fullest is not None and not is_lower(item, item.fullest):
        return _("A lesser version needs a lower marking than the fuller one.")
    if item.fullest is None and item.origin is None:
        return ""
    waiting = len(check(item).open)
    if not waiting:
        return ""
    return ngettext(
        "The check found %(count)s thing that stays behind. Take it out, or let it out with a "
        "reason.",
        "The check found %(count)s things that stay behind. Take them out, or let each out with "
        "a reason.",
        waiting,
    ) % {"count": waiting}
