"""The threat and resilience picture of a place: what its page shows, and what it leaves open."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Organisation, Place
from tansiq.access.queries import lead_of, path_of
from tansiq.core.translations import show, show_each
from tansiq.plans.factors import Known, all_known, place_in_list
from tansiq.plans.models import (
    Confidence,
    Factor,
    FactorKind,
    Level,
    Mechanism,
    Picture,
    PictureStatus,
    RestsOn,
    Trend,
    Voice,
)

# What each word of the form means; shown at the field and at the foot of the page.
MEANINGS: dict[Any, str | Promise] = {
    Level.LOW: _("now and then, and few notice it"),
    Level.MODERATE: _("regularly, in parts of the place or of the year"),
    Level.HIGH: _("all the time or in most parts; it shapes what people do"),
    Level.VERY_HIGH: _("it decides how the place lives; hardly anything goes against it"),
    Trend.FALLING: _("weaker than in the period before"),
    Trend.STEADY: _("as it was"),
    Trend.RISING: _("stronger than in the period before"),
    Trend.UNKNOWN: _("nobody could say"),
    Confidence.LOW: _("one source, or sources that disagree; it may well be otherwise"),
    Confidence.MEDIUM: _("several who know the place say so, without figures"),
    Confidence.HIGH: _("several independent sources, figures or studies among them"),
    RestsOn.EXPERIENCED: _("it happened here, and people speak of what they saw"),
    RestsOn.EVIDENCED: _("a study, survey or record shows it"),
    RestsOn.POTENTIAL: _("it has not happened here; it could, and there are reasons to think so"),
}


@dataclass(frozen=True)
class FactorLine:
    """One factor as a page shows it."""

    factor: Any
    known: Known
    mechanisms: list[Any]
    asked: list[Voice]

    @property
    def is_gap(self) -> bool:
        """Whether it weighs on the place and nothing that exists answers it."""
        return not self.factor.is_resilience and not self.mechanisms


@dataclass(frozen=True)
class Group:
    kind: FactorKind
    lines: list[FactorLine]
    # What the list still offers; for who draws the picture.
    left: list[Known]


@dataclass(frozen=True)
class PicturePage:
    picture: Picture
    groups: list[Group]
    earlier: list[Picture]
    took_part: list[Voice]
    path: list[Place]
    is_old: bool

    @property
    def gaps(self) -> list[FactorLine]:
        return [line for group in self.groups for line in group.lines if line.is_gap]

    @property
    def is_empty(self) -> bool:
        return not any(group.lines for group in self.groups)


def pictures_of(actor: Actor, place: Place) -> list[Picture]:
    """Return the pictures of a place that this reader may see, the newest first."""
    seen = Picture.objects.visible_to(actor).filter(place=place)
    return list(seen.select_related("owner", "place").order_by("-starts_on", "-pk"))


def first_to_show(pictures: Sequence[Picture]) -> Picture | None:
    """Return the one that counts; before any is agreed, the draft."""
    agreed = (one for one in pictures if one.status == PictureStatus.AGREED)
    return next(agreed, pictures[0] if pictures else None)


def draft_among(pictures: Sequence[Picture]) -> Picture | None:
    return next((one for one in pictures if one.is_draft), None)


def picture_page(actor: Actor, picture: Picture, *, on: dt.date) -> PicturePage:
    """Return everything a page of a picture shows, in the reader's language where it is there."""
    show([picture], "purpose", written_in=picture.language)
    lines = lines_of([picture]).get(picture.pk, [])
    groups = [
        _group(kind, [one for one in lines if one.factor.kind == kind]) for kind in FactorKind
    ]
    others = [one for one in pictures_of(actor, picture.place) if one.pk != picture.pk]
    return PicturePage(
        picture=picture,
        groups=groups,
        earlier=others,
        took_part=[Voice(one) for one in picture.took_part],
        path=path_of(picture.place),
        is_old=not picture.is_superseded and picture.is_old_on(on),
    )


def _group(kind: FactorKind, lines: list[FactorLine]) -> Group:
    said = {line.known.code for line in lines}
    left = [one for one in all_known().values() if one.kind == kind and one.code not in said]
    return Group(kind, lines, left)


def lines_of(pictures: Sequence[Picture]) -> dict[int, list[FactorLine]]:
    """Return the factors of these pictures, in the order of the list; four queries for all."""
    factors: list[Any] = list(
        Factor.objects.filter(picture__in=pictures).prefetch_related(
            Prefetch("mechanisms", Mechanism.objects.order_by("pk")), "asked"
        )
    )
    mechanisms = [one for factor in factors for one in factor.mechanisms.all()]
    show_each(factors, "note", "source", language_of=lambda one: str(one.language))
    show_each(mechanisms, "name", "hands", language_of=lambda one: str(one.language))
    found: dict[int, list[FactorLine]] = {}
    for factor in sorted(factors, key=lambda one: place_in_list(one.code)):
        voices = {one.voice for one in factor.asked.all()}
        line = FactorLine(
            factor=factor,
            known=all_known()[factor.code],
            mechanisms=list(factor.mechanisms.all()),
            asked=[one for one in Voice if one in voices],
        )
        found.setdefault(factor.picture_id, []).append(line)
    return found


def lead_that_draws(actor: Actor, place: Place) -> Organisation | None:
    """Return the body that leads the place, where this person may write for it."""
    lead = lead_of(place)
    if lead is not None and actor.is_at_least(Role.CONTRIBUTOR, in_organisation=lead.pk):
        return lead
    return None


def leads_above(place: Place) -> QuerySet[Organisation]:
    """Return the bodies that lead the places above, the nearest first: whom one may name."""
    above: QuerySet[Organisation] = Organisation.objects.filter(
        is_lead_of_place=True, is_active=True, place__links_down__place=place
    )
    return above.exclude(place=place).order_by("-place__level", "pk")


@dataclass(frozen=True)
class Need:
    """A driver or risk of a place, and whether anything that exists there answers it."""

    code: str
    name: str
    kind: str
    level: str
    trend: str
    is_answered: bool


def needs_of(actor: Actor, place: Place) -> list[Need]:
    """Return what the picture in force says weighs on a place, unanswered first, strongest first.

    Empty where there is no picture or this reader may not see it; nothing tells the two apart.
    """
    seen = Picture.objects.visible_to(actor).countable()
    pictures = seen.filter(place=place, status=PictureStatus.AGREED)
    lines = [line for found in lines_of(list(pictures)).values() for line in found]
    needs = [
        Need(
            line.known.code,
            line.known.name,
            line.factor.kind,
            line.factor.level,
            line.factor.trend,
            not line.is_gap,
        )
        for line in lines
        if not line.factor.is_resilience
    ]
    order = {level: -n for n, level in enumerate(Level.values)}
    return sorted(needs, key=lambda one: (one.is_answered, order[one.level], one.code))


def old_pictures(actor: Actor, leads: Iterable[Organisation], *, on: dt.date) -> list[Picture]:
    """Return the pictures in force of the places of these bodies that are a year old."""
    pictures = Picture.objects.visible_to(actor).filter(
        place__in=[lead.place_id for lead in leads], status=PictureStatus.AGREED
    )
    found = pictures.select_related("place").order_by("agreed_on", "pk")
    return [one for one in found if one.is_old_on(on)]


def what_it_cannot_tell() -> list[str]:
    """Say at the foot of each page what the picture must not be taken for."""
    return [
        gettext("It says nothing about persons, and nothing about who will use violence."),
        gettext(
            "It does not rank places and adds nothing up to one score; no such score would hold."
        ),
        gettext("A word such as “high” is a judgement of those who took part, not a measurement."),
        gettext(
            "What nobody was asked about is missing; missing does not mean that it is not there."
        ),
    ]
