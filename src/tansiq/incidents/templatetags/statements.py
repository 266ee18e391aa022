"""How statements are shown: their state, what the checks say, blanks that are to be filled."""

from datetime import datetime, timedelta

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tansiq.core import formats, marks
from tansiq.incidents.models import MediaRequest, Statement
from tansiq.incidents.playbook.words import Words
from tansiq.incidents.statement_checks import Finding, sentence_of
from tansiq.incidents.statement_texts import SLOT

register = template.Library()
_TONES = {
    "draft": ("calm", "edit"),
    "waiting": ("risk", "clock"),
    "approved": ("on", "check"),
    "released": ("done", "check-circle"),
    "withdrawn": ("calm", "close"),
}
_HOUR = 60


@register.simple_tag
def statement_state(
    statement: Statement, *, is_expired: object, is_corrected: object
) -> SafeString:
    """Say how it stands; what is too old or was corrected says so first."""
    if is_expired:
        return marks.tag("late", _("too old to release"), "late")
    if is_corrected:
        return marks.tag("risk", _("corrected"), "return")
    tone, icon = _TONES[statement.state]
    return marks.tag(tone, str(statement.get_state_display()), icon)


@register.filter
def said(finding: Finding) -> str:
    return sentence_of(finding, get_language() or "en")


@register.filter
def with_blanks(words: Words) -> SafeString:
    """Show a text of the playbook with its blanks marked."""
    text = str(conditional_escape(str(words)))
    return mark_safe(SLOT.sub(r"<mark>…</mark>", text))  # noqa: S308 -- escaped on the line above


@register.filter
def spell(span: timedelta | None) -> str:
    """Write a stretch of time in hours and minutes."""
    if span is None:
        return _("not yet")
    language = get_language() or "en"
    hours, minutes = divmod(int(span.total_seconds() // 60), _HOUR)
    parts = []
    if hours:
        sentence = ngettext("%(n)s hour", "%(n)s hours", hours)
        parts.append(sentence % {"n": formats.number(hours, language)})
    if minutes or not hours:
        sentence = ngettext("%(n)s minute", "%(n)s minutes", minutes)
        parts.append(sentence % {"n": formats.number(minutes, language)})
    return " ".join(parts)


@register.simple_tag
def media_state(request: MediaRequest, moment: datetime) -> SafeString:
    """Say how a request stands; the deadline of an open one, in red when it is over."""
    if not request.is_open:
        return marks.tag("calm", str(request.get_state_display()), "check")
    if request.deadline is None:
        return marks.tag("on", str(request.get_state_display()), "clock")
    due = formats.moment(localtime(request.deadline), get_language() or "en")
    if request.deadline < moment:
        return marks.tag("late", due, "late")
    return marks.tag("risk", due, "clock")
