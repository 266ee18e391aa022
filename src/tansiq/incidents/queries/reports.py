"""Situation reports as pages and documents read them; what changed between two; briefs owed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from statistics import median
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from tansiq.access.actor import Actor
from tansiq.access.models import Organisation
from tansiq.access.zones import zone
from tansiq.core import formats
from tansiq.core.documents.model import Block, Document, Heading, Paragraph, Table
from tansiq.core.documents.words import paragraphs_of
from tansiq.incidents.models import (
    Brief,
    CasualtyKind,
    Incident,
    ReportReceipt,
    ReportSection,
    SituationReport,
)
from tansiq.incidents.querysets.reports import BriefQuerySet
from tansiq.incidents.wording import moment_words, role_title


@dataclass(frozen=True)
class Count:
    """One line of the casualties: how many, by whom counted, how sure."""

    label: str
    count: int
    source: str
    is_confirmed: bool


def counts_of(report: SituationReport) -> list[Count]:
    labels = dict(CasualtyKind.choices)
    rows: list[dict[str, Any]] = report.casualties
    return [
        Count(str(labels[row["kind"]]), row["count"], row["source"], row["is_confirmed"])
        for row in rows
    ]


@dataclass(frozen=True)
class Changed:
    """What changed in a section: lines that are there now, and lines that are gone."""

    label: str
    lines: list[tuple[str, str]]


def changes_between(earlier: SituationReport, later: SituationReport) -> list[Changed]:
    """Return the sections that differ, line by line: ("new" or "gone", line)."""
    found = []
    for section in ReportSection:
        was = earlier.sections.get(section.value, "").splitlines()
        now = later.sections.get(section.value, "").splitlines()
        lines = list(_changed_lines(was, now))
        if lines:
            found.append(Changed(str(section.label), lines))
    lines = list(_changed_lines(_written(earlier), _written(later)))
    return [*found, Changed(_("Casualties"), lines)] if lines else found


def _changed_lines(was: list[str], now: list[str]) -> Iterator[tuple[str, str]]:
    for name, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if name != "equal":
            yield from (("gone", line) for line in was[a:b] if line.strip())
            yield from (("new", line) for line in now[c:d] if line.strip())


def _written(report: SituationReport) -> list[str]:
    return [f"{one.label}: {one.count} ({one.source})" for one in counts_of(report)]


def version_before(actor: Actor, report: SituationReport) -> SituationReport | None:
    """Return the version before this one; of a first version the report before it."""
    rows = SituationReport.objects.visible_to(actor).sent()
    rows = rows.filter(incident=report.incident_id, organisation=report.organisation_id)
    if report.is_correction:
        return rows.filter(number=report.number, version=report.version - 1).first()
    return rows.filter(number__lt=report.number).latest_first().first()


@dataclass(frozen=True)
class Reader:
    """A recipient of a report, and when it said that it had read it."""

    organisation: Organisation
    read_at: datetime | None


def readers_of_report(report: SituationReport) -> list[Reader]:
    read = dict(ReportReceipt.objects.filter(report=report).values_list("organisation_id", "at"))
    named = report.recipients.order_by("name", "pk")
    return [Reader(one, read.get(one.pk)) for one in named]


def title_of(report: SituationReport) -> str:
    number = formats.number(report.number, report.language)
    if report.is_correction:
        said = _("Situation report %(number)s, version %(version)s")
        version = formats.number(report.version, report.language)
        return said % {"number": number, "version": version}
    return _("Situation report %(number)s") % {"number": number}


def document_of(report: SituationReport) -> Document:
    """Return the report as a document in its own language, stamped as what it is."""
    incident = report.incident
    with override(report.language), timezone.override(zone(incident.time_zone)):
        return Document(
            title=title_of(report),
            subtitle=incident.title,
            subject=_("Situation report"),
            language=report.language,
            author=str(report.organisation),
            made_at=report.sent_at or report.covers_until,
            blocks=list(_blocks(report)),
            facts=list(_facts(report)),
            marking=f"TLP:{report.marking.upper()}",
            state=_stamp(report),
            footer=f"{title_of(report)} · {incident.title}",
        )


def _stamp(report: SituationReport) -> str:
    words = [_("EXERCISE")] if report.incident.is_exercise else []
    return " · ".join([*words, *([_("Draft")] if report.is_draft else [])])


def _facts(report: SituationReport) -> Iterator[tuple[str, str]]:
    incident = report.incident
    yield _("From"), str(report.organisation)
    yield _("To"), ", ".join(str(one) for one in report.recipients.order_by("name", "pk"))
    yield _("Place"), str(incident.place)
    span = f"{moment_words(report.covers_from)} – {moment_words(report.covers_until)}"
    yield _("Covers"), span
    if report.sent_at is not None:
        yield _("Signed"), signed_words(report)


def signed_words(report: SituationReport) -> str:
    """Say when it was signed and in which role; and if its writer signed alone."""
    document = report.incident.playbook.document
    role = role_title(document, report.signed_role, report.language) if report.signed_role else ""
    when = moment_words(report.sent_at) if report.sent_at else ""
    alone = _("signed by its writer alone") if report.is_signed_alone else ""
    return ", ".join(filter(None, (when, role, alone)))


def _blocks(report: SituationReport) -> Iterator[Block]:
    for number, (label, text) in enumerate(report.texts):
        yield Heading(label)
        for line in paragraphs_of(text):
            yield Paragraph(line)
        if number == 0:
            yield from _casualties(report)


def _casualties(report: SituationReport) -> Iterator[Block]:
    rows = [
        [
            one.label,
            formats.number(one.count, report.language),
            one.source,
            _("confirmed") if one.is_confirmed else _("not confirmed"),
        ]
        for one in counts_of(report)
    ]
    if rows:
        yield Heading(_("Casualties"))
        headings = [_("What"), _("Number"), _("Source"), _("How sure")]
        yield Table(_("Casualties by count"), headings, rows, frozenset({1}))


def as_text(report: SituationReport) -> str:
    """Return the report as plain text to copy into a message."""
    document = document_of(report)
    head = " · ".join(filter(None, (document.state, document.marking)))
    lines = [head, f"{document.title}: {document.subtitle}"]
    lines += [f"{name}: {value}" for name, value in document.facts]
    for block in document.blocks:
        if isinstance(block, Heading):
            lines += ["", block.text.upper() if report.language != "ar" else block.text]
        elif isinstance(block, Paragraph):
            lines.append(block.text)
        elif isinstance(block, Table):
            lines += [" · ".join(str(cell) for cell in row) for row in block.rows]
    return "\n".join([*lines, "", head])


@dataclass(frozen=True)
class BriefRow:
    """A brief that is owed, and how its clock stands."""

    brief: Brief
    left: timedelta
    is_ours_to_give: bool


def owed_briefs(
    seen: BriefQuerySet[Brief], *, ours: frozenset[int], at: datetime
) -> tuple[list[BriefRow], list[BriefRow]]:
    """Return the briefs that are owed by us or to us: in real incidents, and in exercises."""
    rows: tuple[list[BriefRow], list[BriefRow]] = ([], [])
    known = ("incident", "report", "owed_by", "owed_to")
    for brief in seen.owed().exclude(incident__status="retired").select_related(*known):
        left = brief.due_at - brief.incident.room_time(at)
        row = BriefRow(brief, left, brief.owed_by_id in ours)
        rows[brief.incident.is_exercise].append(row)
    for found in rows:
        found.sort(key=lambda row: (not row.is_ours_to_give, row.left, row.brief.pk))
    return rows


@dataclass(frozen=True)
class BriefTimes:
    """How the nation's briefs came back: for the report after the action."""

    owed: int
    given: int
    late: int
    median_minutes: float | None


def brief_times(incident: Incident, *, at: datetime) -> BriefTimes:
    """Return how many briefs were owed, given and late, and how long they took."""
    moment = incident.room_time(at)
    briefs = list(Brief.objects.filter(incident=incident).select_related("report"))
    waited = [
        (one.given_at - one.report.sent_at).total_seconds() / 60
        for one in briefs
        if one.given_at and one.report.sent_at
    ]
    late = [one for one in briefs if (one.given_at or moment) > one.due_at]
    return BriefTimes(len(briefs), len(waited), len(late), median(waited) if waited else None)
