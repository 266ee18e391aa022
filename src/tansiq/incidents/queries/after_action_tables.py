"""The figures of an after-action report as tables, alike on the page and in files."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.core import formats
from tansiq.core.documents.model import Block, Cell, Heading, Paragraph, Rows, Table
from tansiq.incidents.models import Decision, Entry, Incident, Inject
from tansiq.incidents.queries import after_action as figures
from tansiq.incidents.queries.after_action import NO_LEVEL, TaskTime, Timing
from tansiq.incidents.queries.cadence import cadence_of
from tansiq.incidents.queries.exercises import aims_of, lines_of
from tansiq.incidents.queries.reports import brief_times
from tansiq.incidents.queries.rumours import Latency, rumour_latencies
from tansiq.incidents.queries.support import answer_times
from tansiq.incidents.wording import moment_words, role_title, sentence_of, task_title


@dataclass(frozen=True)
class Asked:
    """Who reads the report, of which room, when."""

    actor: Actor
    incident: Incident
    at: datetime

    @property
    def language(self) -> str:
        return get_language() or "en"


def figures_of(asked: Asked) -> Iterator[Block]:
    rows = figures.task_times(asked.incident, asked.at)
    sections = [
        (_("Tasks in time"), list(_tasks(asked, rows))),
        (_("Each task"), list(_each(asked, rows))),
        (_("Late, and why"), list(_late(asked, rows))),
        (_("Call-out"), list(_calls(asked))),
        (_("Public updates"), list(_cadence(asked))),
        (_("Rumours"), list(_rumours(asked))),
        (_("Between the levels"), list(_levels(asked))),
        (_("Decisions"), list(_decisions(asked))),
    ]
    if asked.incident.is_exercise:
        sections.insert(0, (_("Objectives"), list(_aims(asked))))
        sections.append((_("Injects"), list(_injects(asked))))
    sections.append((_("Time line"), list(_time_line(asked))))
    for title, blocks in sections:
        yield Heading(title)
        yield from blocks or [nothing()]


def nothing() -> Paragraph:
    return Paragraph(_("Nothing was recorded."), "small")


def number(value: float | None) -> str:
    return formats.number(round(value), get_language() or "en") if value is not None else "–"


def _tasks(asked: Asked, rows: list[TaskTime]) -> Iterator[Block]:
    whole = figures.timing_of(rows)
    if not whole.due:
        return
    table: Rows = [_timing_row(_("All"), whole)]
    table += [_timing_row(_level(level), timing) for level, timing in figures.timing_by_level(rows)]
    headings = [
        _("Done by"),
        _("Due"),
        _("In time"),
        _("Late"),
        _("Not done"),
        _("Median delay, minutes"),
        _("Longest delay, minutes"),
    ]
    yield Table(
        _("Tasks that were due, by the level that did them"),
        headings,
        table,
        frozenset(range(1, 7)),
        (3, 1, 1, 1, 1, 2, 2),
    )


def _timing_row(label: str, timing: Timing) -> list[Cell | str]:
    counts = (timing.due, timing.in_time, timing.late, timing.still_open)
    delays = (timing.median_delay, timing.longest_delay)
    return [Cell(label, is_strong=True), *map(number, counts), *map(number, delays)]


def _level(level: int) -> str:
    names = {
        0: pgettext("level of government", "national level"),
        1: pgettext("level of government", "province or region"),
        NO_LEVEL: pgettext("level of government", "level not known"),
    }
    return names.get(level, pgettext("level of government", "city or district"))


def _each(asked: Asked, rows: list[TaskTime]) -> Iterator[Block]:
    began_at = asked.incident.began_at
    table: Rows = [
        [
            _title(asked, one),
            _minutes_after(began_at, one.task.due_at),
            _minutes_after(began_at, one.task.ended_at),
            _level(one.level) if not one.task.is_open else "–",
        ]
        for one in rows
        if one.is_due
    ]
    if table:
        headings = [_("Task"), _("Due after minutes"), _("Done after minutes"), _("Done by")]
        caption = _("Minutes from the beginning to the time due, and to when it was done")
        yield Table(caption, headings, table, frozenset({1, 2}), (6, 2, 2, 2))


def _minutes_after(began_at: datetime, moment: datetime | None) -> str:
    return number((moment - began_at).total_seconds() / 60 if moment is not None else None)


def _late(asked: Asked, rows: list[TaskTime]) -> Iterator[Block]:
    late = sorted((one for one in rows if one.is_due and one.is_late), key=_by_delay, reverse=True)
    if not late:
        return
    table: Rows = [
        [
            _title(asked, one),
            role_title(asked.incident.playbook.document, one.task.role, asked.language),
            moment_words(one.task.due_at) if one.task.due_at else "",
            moment_words(one.task.ended_at) if one.task.ended_at else _("not done"),
            number(_by_delay(one) / 60),
            one.task.note or _("No reason was noted."),
        ]
        for one in late
    ]
    headings = [_("Task"), _("Role"), _("Due"), _("Done"), _("Minutes late"), _("Note")]
    yield Table(_("Tasks that were late"), headings, table, frozenset({4}), (4, 2, 2, 2, 1, 3))


def _by_delay(one: TaskTime) -> float:
    return one.delay.total_seconds() if one.delay is not None else 0


def _title(asked: Asked, one: TaskTime) -> str:
    task = one.task
    if not task.key:
        return task.title
    words = task_title(asked.incident.playbook.document, task.key, asked.language)
    return f"{task.key} {words}"


def _calls(asked: Asked) -> Iterator[Block]:
    calls = figures.call_times(asked.incident)
    if calls.roles:
        yield _pairs(
            _("Roles that were called"),
            [
                (_("roles called"), number(calls.roles)),
                (_("answered"), number(calls.answered)),
                (_("filled: somebody came"), number(calls.coming)),
                (_("minutes to the first answer, median"), number(calls.median_minutes)),
                (_("minutes to the first answer, longest"), number(calls.longest_minutes)),
            ],
        )


def _pairs(caption: str, rows: list[tuple[str, str]]) -> Table:
    table: Rows = [[name, value] for name, value in rows]
    return Table(caption, [_("What"), _("Number")], table, frozenset({1}), (4, 1))


def _cadence(asked: Asked) -> Iterator[Block]:
    cadence = cadence_of(asked.incident)
    if cadence.first_after is None:
        return
    first = cadence.first_after.total_seconds() / 60
    yield _pairs(
        _("Whether the next update came when it was promised"),
        [
            (_("minutes to the first public statement"), number(first)),
            (_("updates promised"), number(len(cadence.promises))),
            (_("kept"), number(cadence.kept)),
            (_("late"), number(cadence.late)),
            (_("longest delay, minutes"), number(cadence.longest_delay.total_seconds() / 60)),
        ],
    )


def _rumours(asked: Asked) -> Iterator[Block]:
    found = rumour_latencies(asked.incident)
    if not found.total:
        return
    yield _pairs(
        _("Rumours: minutes from hearing them, median (longest)"),
        [
            (_("rumours"), number(found.total)),
            (_("looked at in time"), number(found.in_time)),
            (_("until somebody looked"), _span(found.triage)),
            (_("until it was known"), _span(found.outcome)),
            (_("until it was answered"), _span(found.release)),
        ],
    )


def _span(latency: Latency) -> str:
    return f"{number(latency.median)} ({number(latency.longest)})" if latency.count else "–"


def _levels(asked: Asked) -> Iterator[Block]:
    names = {"up": _("asked upward"), "down": _("asked downward"), "across": _("between equals")}
    directions = answer_times(asked.incident, at=asked.at)
    table: Rows = [
        [names[name], *map(number, (one.asked, one.answered, one.late, one.median_minutes))]
        for name, one in directions.items()
        if one.asked
    ]
    briefs = brief_times(asked.incident, at=asked.at)
    if briefs.owed:
        counts = (briefs.owed, briefs.given, briefs.late, briefs.median_minutes)
        table.append([_("briefs owed to the city"), *map(number, counts)])
    if table:
        headings = [
            _("Direction"),
            _("Asked or owed"),
            _("Answered"),
            _("Late"),
            _("Median, minutes"),
        ]
        caption = _("Requests for support and briefs, in both directions")
        yield Table(caption, headings, table, frozenset(range(1, 5)), (3, 2, 2, 1, 2))


def _decisions(asked: Asked) -> Iterator[Block]:
    rows = Decision.objects.visible_to(asked.actor).filter(incident=asked.incident)
    document = asked.incident.playbook.document
    table: Rows = []
    for one in rows.prefetch_related("facts").order_by("decided_at", "pk"):
        known = [f"{fact.text} ({fact.get_state_display()})" for fact in one.facts.all()]
        table.append(
            [
                moment_words(one.decided_at),
                role_title(document, one.role, asked.language) if one.role else "–",
                one.text,
                "; ".join(filter(None, [*known, one.information])) or "–",
                one.why,
            ]
        )
    if table:
        headings = [_("When"), _("Role"), _("Decision"), _("On what information"), _("Why")]
        yield Table(_("Decisions with their information"), headings, table, widths=(2, 2, 4, 4, 3))


def _aims(asked: Asked) -> Iterator[Block]:
    table: Rows = [
        [
            line.aim.text,
            line.rating or _("not observed"),
            "; ".join(one.note for one in line.observations if one.note) or "–",
        ]
        for line in aims_of(asked.actor, asked.incident)
    ]
    if table:
        headings = [_("Objective"), _("How it went"), _("What was seen")]
        yield Table(_("Objectives and what was seen"), headings, table, widths=(4, 3, 4))


def _injects(asked: Asked) -> Iterator[Block]:
    rows = Inject.objects.visible_to(asked.actor).filter(incident=asked.incident, state="given")
    given = lines_of(
        asked.incident,
        rows.select_related("team").order_by("given_at", "pk"),
        language=asked.language,
        moment=figures.ended_at(asked.incident, asked.at),
    )
    table: Rows = [
        [
            moment_words(line.inject.given_at) if line.inject.given_at else "",
            line.title,
            number(line.minutes),
            _("in time") if line.came_in_time else _("late or not at all"),
        ]
        for line in given
    ]
    if table:
        headings = [_("Given"), _("Inject"), _("Minutes to the answer"), _("Expected action")]
        yield Table(_("Injects and their answers"), headings, table, frozenset({2}), (2, 5, 2, 2))


def _time_line(asked: Asked) -> Iterator[Block]:
    document = asked.incident.playbook.document
    lines = Entry.objects.visible_to(asked.actor).filter(incident=asked.incident)
    table: Rows = [
        [
            moment_words(one.at),
            role_title(document, one.role, asked.language) if one.role else "–",
            str(one.organisation or "–"),
            " ".join(filter(None, (sentence_of(one, document), one.text))),
        ]
        for one in lines.select_related("organisation").order_by("at", "pk")
    ]
    if table:
        headings = [_("When"), _("Role"), _("Organisation"), _("What")]
        yield Table(_("The log of the room"), headings, table, widths=(2, 2, 2, 6))
