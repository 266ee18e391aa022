"""Small pieces on pages of a room: clocks that count on, marks of facts, keys of forms."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tansiq.core import marks
from tansiq.incidents import spans
from tansiq.incidents.forms.room import new_key
from tansiq.incidents.models import Fact, FactState, Incident

register = template.Library()

_FACTS = {
    FactState.CONFIRMED: ("done", "check-circle"),
    FactState.UNCONFIRMED: ("risk", "help"),
    FactState.WITHDRAWN: ("late", "close"),
}


@register.simple_tag
def due_mark(due: spans.Due | None) -> SafeString:
    """Show when something is due, as a mark that counts on with the room's clock."""
    if due is None:
        return SafeString("")
    return format_html(
        '<span class="tag {}" data-due="{}">{}<span>{}</span></span>',
        due.tone,
        int(due.at.timestamp() * 1000),
        marks.icon(due.icon),
        due.words,
    )


@register.simple_tag
def due_at(incident: Incident, moment: Any) -> SafeString:
    """Do the same for a moment on the room's clock, such as a promised time."""
    if not moment:
        return SafeString("")
    return due_mark(spans.due(moment, incident.room_time(now()), get_language() or "en"))


@register.simple_tag
def clock_attributes(incident: Incident) -> SafeString:
    """Give the element of the room's clock what the module needs to count on."""
    at = now()
    return format_html(
        ' data-room-now="{}" data-speed="{}" data-began="{}" data-late="{}" data-in="{}"',
        int(incident.room_time(at).timestamp() * 1000),
        incident.clock_speed,
        int(incident.began_at.timestamp() * 1000),
        _("%(span)s late") % {"span": "\N{HORIZONTAL ELLIPSIS}"},
        _("in %(span)s") % {"span": "\N{HORIZONTAL ELLIPSIS}"},
    )


@register.simple_tag
def client_key() -> SafeString:
    """Give a form the hidden key under which its post arrives once."""
    return format_html('<input type="hidden" name="client_key" value="{}">', new_key())


@register.simple_tag
def fact_icon(fact: Fact) -> SafeString:
    """Show how sure a fact is, as an icon with a name."""
    tone, icon = _FACTS[FactState(fact.state)]
    return format_html(
        '<span class="mark {}">{}</span>', tone, marks.icon(icon, fact.get_state_display())
    )


@register.simple_tag
def fact_tag(fact: Fact) -> SafeString:
    """Show how sure a fact is, as a word."""
    tone, icon = _FACTS[FactState(fact.state)]
    return marks.tag(tone, fact.get_state_display(), icon)
