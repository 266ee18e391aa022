"""A place drawn with its parts, each coloured by how many places it holds."""

from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tansiq.access.models import Place
from tansiq.core import charts
from tansiq.core.geometry import outline

_MOST_DRAWN = 200


def map_of_parts(place: Place, *, language: str) -> SafeString | None:
    """Return the drawing, of the place alone if it has no parts, or nothing without outlines."""
    parts = _with_outline(Place.objects.filter(parent=place)) or _with_outline(
        Place.objects.filter(pk=place.pk)
    )
    features = [_feature(part, language) for part in parts]
    if not features:
        return None
    counts = {part.code: float(part.holds) for part in parts}
    most = max(counts.values())
    scale = charts.Scale(tuple(sorted({0.0, 1.0, most // 4 + 1, most // 2 + 1})))
    title = _("%(place)s on the map") % {"place": place.name_in(language)}
    return charts.choropleth(
        outline(features),
        counts,
        scale,
        title=title,
        language=language,
        link=lambda code: reverse("access:place", args=[code]),
    )


def _with_outline(places: QuerySet[Place]) -> list[Any]:
    drawn = places.filter(shape__isnull=False).select_related("shape").order_by("pk")
    return list(drawn.annotate(holds=Count("children"))[:_MOST_DRAWN])


def _feature(place: Place, language: str) -> dict[str, Any]:
    return {
        "id": place.code,
        "geometry": place.shape.geometry,
        "properties": {"name": place.name_in(language)},
    }
