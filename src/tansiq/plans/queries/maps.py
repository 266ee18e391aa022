"""A country drawn once per language and coloured many times."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache

from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from tansiq.access.models import Place, PlaceShape
from tansiq.core import charts
from tansiq.core.geometry import Outline, outline
from tansiq.core.marks import stage_name
from tansiq.plans.models import StageName

_MINUTES = 10
STAGES = [str(stage) for stage in StageName.values]


def outline_under(place: Place, level: int, *, at: datetime) -> Outline:
    """Return the drawing of all places of one level below a place.

    Drawing takes some ten milliseconds, so it is kept; new shapes are seen after ten minutes.
    """
    moment = int(at.timestamp()) // (60 * _MINUTES)
    return _drawn(place.pk, level, get_language() or "en", moment)


@lru_cache(maxsize=48)
def _drawn(place_id: int, level: int, language: str, moment: int) -> Outline:
    places = Place.objects.filter(links_up__ancestor=place_id, level=level).order_by("pk")
    shapes = dict(
        PlaceShape.objects.filter(
            place__links_up__ancestor=place_id, place__level=level
        ).values_list("place_id", "geometry")
    )
    features = []
    for place in places:
        geometry = shapes.get(place.pk)
        if geometry is None and place.latitude is not None:
            geometry = {"type": "Point", "coordinates": (place.longitude, place.latitude)}
        named = {"code": place.code, "name": place.name_in(language)}
        features.append({"id": place.code, "properties": named, "geometry": geometry})
    return outline(features)


def stage_map(
    drawing: Outline,
    stages: Mapping[str, str],
    *,
    title: str,
    link: Callable[[str], str] | None = None,
) -> SafeString:
    """Colour places by how far they have come; places without a word on it have no plan yet."""
    language = get_language() or "en"
    values: dict[str, float | None] = {
        shape.code: float(STAGES.index(stages.get(shape.code, "none"))) for shape in drawing.shapes
    }
    scale = charts.Scale(range(len(STAGES)), [stage_name(one) for one in STAGES])
    picture = charts.choropleth(drawing, values, scale, title=title, language=language, link=link)
    rows = [(shape.name, stage_name(stages.get(shape.code, "none"))) for shape in drawing.shapes]
    twin = charts.table_twin((gettext("Place"), gettext("Stage")), sorted(rows), caption=title)
    return charts.figure(title, picture, charts.legend(values, scale, language=language), twin)
