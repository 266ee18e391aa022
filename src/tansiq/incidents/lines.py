"""A line of the log as HTML, for all readers of one language at once: what the stream carries."""

from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation

from tansiq.access.zones import zone
from tansiq.core.live import Event
from tansiq.incidents.models import Incident
from tansiq.incidents.queries.log import line_for_everybody


def filled(incident: Incident, language: str, event: Event) -> dict[str, Any]:
    """Return the data of an event with its line, unless one organisation keeps that to itself."""
    if event.name != "entry":
        return event.data
    with translation.override(language), timezone.override(zone(incident.time_zone)):
        line = line_for_everybody(incident, event.data["entry"])
        if line is None:
            return event.data
        context = {"incident": incident, "lines": [line]}
        html = render_to_string("incidents/log/_lines.html", context)
        # What people wrote has its line breaks as elements; the rest is only our own indentation.
        return event.data | {"html": " ".join(html.split())}
