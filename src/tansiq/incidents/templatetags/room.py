"""The head of every page of a room: where, since when, which phase, and the tabs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import get_language, pgettext_lazy

from tansiq.incidents.models import Incident
from tansiq.incidents.queries.calls import my_open_calls
from tansiq.incidents.queries.rooms import phase_of

register = template.Library()


# From then on people count days.
_HOURS = 72


@dataclass(frozen=True)
class Section:
    """One tab: the address it leads to, and which further addresses belong to it."""

    address: str
    label: str | Promise
    belong: tuple[str, ...] = ()
    is_for_exercises: bool = False
    # What is needed every minute stands in the bar; the rest one step behind it.
    is_close: bool = False


_DECISIONS = ("decision", "decision_add")


SECTIONS = (
    Section("room", pgettext_lazy("section of a room", "Now"), is_close=True),
    Section(
        "tasks", pgettext_lazy("section of a room", "Tasks"), ("task", "task_add"), is_close=True
    ),
    Section("facts", pgettext_lazy("section of a room", "Facts"), ("fact",), is_close=True),
    Section(
        "decisions", pgettext_lazy("section of a room", "Decisions"), _DECISIONS, is_close=True
    ),
    Section(
        "seats",
        pgettext_lazy("section of a room", "Who is on"),
        ("hand_over", "seat_leave"),
        is_close=True,
    ),
    Section(
        "statements",
        pgettext_lazy("section of a room", "Statements"),
        (
            "statement",
            "statement_choose",
            "statement_begin",
            "statement_write",
            "statement_edit",
            "statement_withdraw",
        ),
        is_close=True,
    ),
    Section(
        "log",
        pgettext_lazy("section of a room", "Log"),
        ("entry", "note", "correct"),
        is_close=True,
    ),
    Section(
        "media",
        pgettext_lazy("section of a room", "Media"),
        ("media_log", "media_request", "press_office"),
    ),
    Section("supports", pgettext_lazy("section of a room", "Support"), ("support", "support_ask")),
    Section("levels", pgettext_lazy("section of a room", "Levels"), ("level_name",)),
    Section(
        "reports",
        pgettext_lazy("section of a room", "Reports"),
        ("report", "report_write", "report_sign", "report_changes", "brief"),
    ),
    Section(
        "rumours",
        pgettext_lazy("section of a room", "Rumours"),
        ("rumour", "rumour_enter", "rumour_correct", "bulletin", "rumour_trends"),
        is_close=True,
    ),
    Section(
        "tension",
        pgettext_lazy("section of a room", "Tension"),
        ("tension_read", "tension_withdraw", "hate_count", "watch"),
    ),
    Section(
        "needs",
        pgettext_lazy("section of a room", "Needs"),
        ("need", "need_enter", "families", "services", "service", "service_add", "fourws"),
    ),
    Section(
        "alerts",
        pgettext_lazy("section of a room", "Alerts"),
        ("alert", "alert_draft", "alert_change", "alert_update", "alert_cosign", "alert_cancel"),
    ),
    Section(
        "exercise",
        pgettext_lazy("section of a room", "Exercise"),
        ("injects", "inject_add", "inject_edit", "team_add", "team_edit", "aim_add", "aim_edit"),
        is_for_exercises=True,
        is_close=True,
    ),
    Section(
        "after_action",
        pgettext_lazy("section of a room", "Lessons"),
        (
            "after_action_write",
            "finding_add",
            "finding_edit",
            "corrective_add",
            "corrective_edit",
            "corrective_carry",
            "debrief_add",
        ),
    ),
    Section(
        "recovery",
        pgettext_lazy("section of a room", "Recovery"),
        ("milestone", "recommendation", "retire"),
    ),
)


@register.inclusion_tag("incidents/_head.html", takes_context=True)
def room_head(context: dict[str, Any], incident: Incident) -> dict[str, Any]:
    """Show title, phase, clock and tabs of the room on a page of it."""
    at = now()
    match = context["request"].resolver_match
    here = match.url_name if match else ""
    phase = phase_of(incident, at)
    tabs = list(_tabs(incident, here))
    return {
        "incident": incident,
        "phase": phase.title.in_language(get_language() or "en") if phase else "",
        "room_now": incident.room_time(at),
        "elapsed": elapsed(incident, at=at),
        "tabs": [tab for tab in tabs if tab["is_close"] or tab["is_current"]],
        "further": [tab for tab in tabs if not (tab["is_close"] or tab["is_current"])],
    }


def elapsed(incident: Incident, *, at: Any) -> str:
    """Return T+02:14, or D+5 after three days; figures as the field writes them."""
    passed = incident.since_start(at)
    sign, passed = ("-", -passed) if passed.total_seconds() < 0 else ("+", passed)
    hours, minutes = divmod(int(passed.total_seconds()) // 60, 60)
    if hours >= _HOURS:
        return f"D{sign}{passed.days}"
    return f"T{sign}{hours:02}:{minutes:02}"


def _tabs(incident: Incident, here: str) -> Iterator[dict[str, Any]]:
    for section in SECTIONS:
        if section.is_for_exercises and not incident.is_exercise:
            continue
        yield {
            "label": section.label,
            "url": reverse(f"incidents:{section.address}", args=[incident.pk]),
            "is_current": here in {section.address, *section.belong},
            "is_close": section.is_close,
        }


@register.inclusion_tag("incidents/seats/_mine.html", takes_context=True)
def my_calls(context: dict[str, Any], incident: Incident) -> dict[str, Any]:
    """Ask the reader first, on every page of the room, whether they come when they are called."""
    actor = context["request"].actor
    calls = my_open_calls(actor, incident, get_language() or "en")
    return {"calls": calls, "incident": incident, "csrf_token": context.get("csrf_token")}
