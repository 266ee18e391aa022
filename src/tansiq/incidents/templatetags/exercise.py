"""What pages of an exercise show in every section, and how its times are written."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils.timezone import localtime, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tansiq.core import formats
from tansiq.incidents.models import Incident, Inject
from tansiq.incidents.queries.exercises import lines_of

register = template.Library()
_SHOWN = 2
# Of the room's time: what is older stands on its own page.
_FRESH = timedelta(hours=2)
_HOUR, _DAY = 60, 24 * 60


@register.inclusion_tag("incidents/exercise/_came_in.html", takes_context=True)
def came_in(context: dict[str, Any], incident: Incident) -> dict[str, Any]:
    """Show the latest injects that this reader was given; nothing in a real incident."""
    if not incident.is_exercise:
        return {}
    moment = incident.room_time(now())
    rows = Inject.objects.visible_to(context["request"].actor).filter(
        incident=incident, state="given", given_at__gte=moment - _FRESH
    )
    latest = rows.select_related("team").order_by("-given_at", "-pk")[:_SHOWN]
    lines = lines_of(incident, latest, language=get_language() or "en", moment=moment)
    return {"incident": incident, "lines": lines}


@register.filter
def hours_minutes(minutes: int) -> str:
    """Write a span as short as buttons need it."""
    language = get_language() or "en"
    if minutes >= _DAY:
        return _("%(n)s d") % {"n": formats.number(minutes // _DAY, language)}
    if minutes >= _HOUR:
        return _("%(n)s h") % {"n": formats.number(minutes // _HOUR, language)}
    return _("%(n)s min") % {"n": formats.number(minutes, language)}


@register.filter
def minute(moment: datetime) -> str:
    """Write a moment as a field of a form reads it, on the clock of the room's place."""
    return localtime(moment).strftime("%Y-%m-%dT%H:%M:%S")
