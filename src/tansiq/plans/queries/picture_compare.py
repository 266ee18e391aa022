"""Pictures side by side: of one place over time, and of places that lie next to each other."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.models import Marking, Place, PlaceShape
from tansiq.core import formats
from tansiq.core.levels import Mark, Row, levels
from tansiq.plans.factors import Known, all_known
from tansiq.plans.models import FactorKind, Level, Picture, PictureStatus
from tansiq.plans.queries.pictures import FactorLine, lines_of

_MOST_PERIODS, _MOST_PLACES = 5, 6
_STEPS = {level: n for n, level in enumerate(Level.values, start=1)}
# Two outlines touch when so many corners are the same, to about a hundred metres.
_TOUCHING, _DIGITS = 2, 3


@dataclass(frozen=True)
class Line:
    """One factor across the columns; None where a picture does not speak of it."""

    known: Known
    cells: list[FactorLine | None]


@dataclass(frozen=True)
class Comparison:
    """Columns (periods or places), the factors any of them speaks of, and what changed."""

    columns: list[str]
    pictures: list[Picture]
    groups: list[tuple[FactorKind, list[Line]]]
    changes: list[str]

    @property
    def is_comparable(self) -> bool:
        return len(self.pictures) > 1

    @property
    def marking(self) -> str:
        """The strictest marking among them; the page is passed on no further than that."""
        order = list(Marking.values)
        return max((one.marking for one in self.pictures), key=order.index, default="")

    def drawings(self) -> list[tuple[FactorKind, SafeString]]:
        """Draw each kind of factor as small multiples."""
        language = get_language() or "en"
        return [
            (
                kind,
                levels(
                    self.columns,
                    [Row(one.known.name, [_mark(cell) for cell in one.cells]) for one in lines],
                    steps=len(_STEPS),
                    title=str(kind.label),
                    language=language,
                ),
            )
            for kind, lines in self.groups
        ]


def _mark(line: FactorLine | None) -> Mark | None:
    if line is None:
        return None
    factor = line.factor
    words = f"{factor.get_level_display()} ({factor.get_trend_display()})"
    return Mark(_STEPS[factor.level], factor.trend, words)


def period_words(picture: Picture) -> str:
    return formats.months(picture.starts_on, picture.ends_on, get_language() or "en")


def over_time(actor: Actor, place: Place) -> Comparison:
    """Return the agreed pictures of a place that this reader may see, the oldest first."""
    seen = Picture.objects.visible_to(actor).filter(place=place).agreed()
    pictures = list(seen.select_related("place", "owner").order_by("-starts_on")[:_MOST_PERIODS])
    pictures.reverse()
    return _compared(pictures, [period_words(one) for one in pictures], is_over_time=True)


def beside_neighbours(actor: Actor, place: Place) -> Comparison:
    """Return the picture of a place beside those of its neighbours that this reader may see.

    Neighbours have the same place above them, or share a border where outlines are known. How
    many others there are is not told.
    """
    seen = Picture.objects.visible_to(actor).filter(status=PictureStatus.AGREED)
    near = seen.filter(
        place__country_code=place.country_code, place__level=place.level
    ).select_related("place", "owner")
    candidates = list(near.order_by("place__name", "pk"))
    own = [one for one in candidates if one.place_id == place.pk]
    others = [one for one in candidates if one.place_id != place.pk]
    beside = [one for one in others if one.place.parent_id == place.parent_id]
    strangers = [one for one in others if one.place.parent_id != place.parent_id]
    touching = _bordering(place, [one.place_id for one in strangers])
    beside += [one for one in strangers if one.place_id in touching]
    beside.sort(key=lambda one: (str(one.place), one.pk))
    pictures = own + beside[: _MOST_PLACES - len(own)]
    return _compared(pictures, [str(one.place) for one in pictures], is_over_time=False)


def _bordering(place: Place, others: Sequence[int]) -> set[int]:
    """Return which of these places have corners of their outline in common with this one."""
    if not others:
        return set()
    shapes = PlaceShape.objects.filter(place__in=[place.pk, *others]).values_list(
        "place", "geometry"
    )
    corners = {pk: set(_corners(geometry.get("coordinates", []))) for pk, geometry in shapes}
    own = corners.pop(place.pk, set())
    return {pk for pk, theirs in corners.items() if len(own & theirs) >= _TOUCHING}


def _corners(coordinates: Any) -> Iterable[tuple[float, float]]:
    if coordinates and isinstance(coordinates[0], int | float):
        return [(round(coordinates[0], _DIGITS), round(coordinates[1], _DIGITS))]
    return itertools.chain.from_iterable(_corners(one) for one in coordinates)


def _compared(pictures: list[Picture], columns: list[str], *, is_over_time: bool) -> Comparison:
    found = lines_of(pictures)
    by_code = [{line.known.code: line for line in found.get(one.pk, [])} for one in pictures]
    lines = [
        Line(known, [said.get(code) for said in by_code])
        for code, known in all_known().items()
        if any(code in said for said in by_code)
    ]
    groups = [(kind, [one for one in lines if one.known.kind == kind]) for kind in FactorKind]
    changes = _changes(lines) if is_over_time and len(pictures) > 1 else []
    return Comparison(columns, pictures, [one for one in groups if one[1]], changes)


def _changes(lines: Iterable[Line]) -> list[str]:
    """Say in sentences what is different in the newest period from the one before."""
    said = [_change(one.known.name, one.cells[-2], one.cells[-1]) for one in lines]
    return [one for one in said if one]


def _change(name: str, before: FactorLine | None, after: FactorLine | None) -> str:
    if before is None and after is None:
        return ""
    facts = {"factor": name}
    if before is None and after is not None:
        facts["level"] = after.factor.get_level_display()
        return _("New: %(factor)s (%(level)s).") % facts
    if before is not None and after is None:
        return _("No longer spoken of: %(factor)s.") % facts
    assert before is not None and after is not None  # noqa: S101, PT018 -- the cases above
    facts |= {
        "before": before.factor.get_level_display(),
        "after": after.factor.get_level_display(),
    }
    sentences = []
    if before.factor.level != after.factor.level:
        sentences.append(_("%(factor)s: from %(before)s to %(after)s.") % facts)
    if before.is_gap and not after.is_gap:
        sentences.append(_("%(factor)s: now something answers it.") % facts)
    return " ".join(sentences)
