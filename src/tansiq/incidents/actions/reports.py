"""Situation reports: begun from what the room knows, written, signed, sent; each version stays."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Marking, Organisation, OrganisationKind
from tansiq.access.notices import notify
from tansiq.access.notices import register as register_notice
from tansiq.access.queries import people_of
from tansiq.core.editing import save_changes
from tansiq.core.order import append_in_order
from tansiq.incidents.actions.log import Line, role_of, write_down
from tansiq.incidents.actions.tasks import Completion, complete_task, drop_task
from tansiq.incidents.models import (
    Brief,
    EntryKind,
    Incident,
    ReportReceipt,
    ReportState,
    SituationReport,
    Task,
)
from tansiq.incidents.queries import report_desks  # noqa: F401 -- the desks tell by being there
from tansiq.incidents.queries.report_drafts import Sight, offered_by_the_room
from tansiq.incidents.wording import register

register("report_begun", gettext_lazy("%(organisation)s writes situation report %(number)s."))
register(
    "report_sent",
    gettext_lazy("Situation report %(number)s of %(organisation)s was signed and sent."),
)
register(
    "report_corrected",
    gettext_lazy(
        "Situation report %(number)s of %(organisation)s was corrected: version %(version)s."
    ),
)
register("report_read", gettext_lazy("%(reader)s has read situation report %(number)s."))
register_notice(
    "incidents.report_sent",
    gettext_lazy("%(organisation)s sent situation report %(number)s on: %(incident)s."),
)

WORKSHEET = "SituationReport"


class ReportError(Exception):
    """The step makes no sense now; the message says why, and nothing was changed."""


@dataclass(frozen=True)
class Written:
    """What the writer changed of a draft."""

    sections: dict[str, str]
    casualties: list[dict[str, Any]] = field(default_factory=list)
    marking: str = Marking.AMBER


@dataclass(frozen=True)
class Signing:
    """To whom it goes; and whether its writer signs alone since nobody else can be reached."""

    recipients: tuple[Organisation, ...]
    is_alone: bool = False


@transaction.atomic
def begin_report(
    incident: Incident, organisation: Organisation, *, language: str, by: Actor, at: datetime
) -> SituationReport:
    """Begin the next report from what the room knows.

    Gives the draft that this organisation has open already, so that two people write one.
    """
    append_in_order()
    mine = SituationReport.objects.filter(incident=incident, organisation=organisation)
    draft = mine.filter(state=ReportState.DRAFT).first()
    if draft is not None:
        return draft
    latest = mine.sent().latest_first().first()
    since = latest.covers_until if latest else incident.began_at
    offered = offered_by_the_room(Sight(by, incident, since, at, language))
    carried = {"resources": latest.sections.get("resources", "")} if latest else {}
    report = SituationReport.objects.create(
        incident=incident,
        number=_next_number(incident),
        organisation=organisation,
        language=language,
        marking=latest.marking if latest else Marking.AMBER,
        covers_from=since,
        covers_until=incident.room_time(at),
        sections=offered | carried,
        offered=offered,
        casualties=latest.casualties if latest else [],
        written_by_id=by.person_id,
        changed_at=at,
    )
    _write(report, "report_begun", rule="incidents.report_write", by=by, at=at)
    return report


def _next_number(incident: Incident) -> int:
    rows = SituationReport.objects.filter(incident=incident)
    return int(rows.aggregate(most=Max("number"))["most"] or 0) + 1


@transaction.atomic
def write_report(
    report: SituationReport, written: Written, *, revision: int, by: Actor, at: datetime
) -> None:
    """Keep what was written. Raises ChangedMeanwhileError, and ReportError once it was sent."""
    _refuse_sent(report)
    changes = {
        "sections": written.sections,
        "casualties": written.casualties,
        "marking": written.marking,
        "written_by_id": by.person_id,
    }
    save_changes(report, changes, revision=revision, at=at)


@transaction.atomic
def fill_anew(report: SituationReport, *, by: Actor, at: datetime) -> None:
    """Take in what happened since; what the writer changed stays as it was written."""
    _refuse_sent(report)
    sight = Sight(by, report.incident, report.covers_from, at, report.language)
    offered = offered_by_the_room(sight)
    sections = {
        name: text if report.sections.get(name, "") == report.offered.get(name, "") else kept
        for name, text in offered.items()
        for kept in [report.sections.get(name, "")]
    }
    changes: dict[str, Any] = {"sections": sections, "offered": offered}
    changes["covers_until"] = report.incident.room_time(at)
    save_changes(report, changes, revision=report.revision, at=at)


@transaction.atomic
def sign_report(
    report: SituationReport,
    signing: Signing,
    *,
    revision: int,
    by: Actor,
    at: datetime,
) -> SituationReport:
    """Sign and send a report: from now on it is fixed, and the nation owes its brief.

    Raises ReportError when it says nothing, goes to nobody, was sent already, or when its
    writer signs without saying that nobody else can.
    """
    append_in_order()
    current = SituationReport.objects.select_related("incident", "organisation").get(pk=report.pk)
    _refuse_sent(current)
    chosen = [one for one in signing.recipients if one.pk != current.organisation_id]
    _refuse_empty(current, chosen)
    is_own = by.person_id == current.written_by_id
    if is_own and not signing.is_alone:
        raise ReportError(
            _("Somebody else signs what you wrote. If nobody can be reached, say so and sign.")
        )
    room_now = current.incident.room_time(at)
    changes = {
        "state": ReportState.SENT,
        "sent_at": room_now,
        "covers_until": room_now,
        "signed_by_id": by.person_id,
        "signed_role": role_of(by, current.incident),
        "is_signed_alone": is_own,
    }
    save_changes(current, changes, revision=revision, at=at)
    current.recipients.set(chosen)
    code = "report_corrected" if current.is_correction else "report_sent"
    _write(current, code, rule="incidents.report_sign", by=by, at=at)
    _tell(current, chosen, by=by, at=at)
    _tick(current, by=by, at=at)
    if not current.is_correction:
        _owe_brief(current, chosen, room_now)
    return current


def _refuse_empty(report: SituationReport, recipients: list[Organisation]) -> None:
    if not any(text.strip() for text in report.sections.values()):
        raise ReportError(_("The report says nothing yet. Write at least the situation."))
    if not recipients:
        raise ReportError(_("Choose who receives it."))


def _refuse_sent(report: SituationReport) -> None:
    if not report.is_draft:
        raise ReportError(
            _("This report was signed and sent. Correct it by a new version instead.")
        )


def _owe_brief(report: SituationReport, recipients: list[Organisation], room_now: datetime) -> None:
    """Let the nation owe its own brief: who gives information gets some back."""
    nation = next((one for one in recipients if is_national(one)), None)
    if nation is None or is_national(report.organisation):
        return
    Brief.objects.create(
        incident=report.incident,
        report=report,
        owed_by=nation,
        owed_to=report.organisation,
        due_at=room_now + timedelta(hours=settings.NATIONAL_BRIEF_HOURS),
    )


def is_national(organisation: Organisation) -> bool:
    """Return whether it speaks for the whole country."""
    if organisation.kind == OrganisationKind.NATIONAL_BODY:
        return True
    return organisation.place is not None and organisation.place.level == 0


def _tick(report: SituationReport, *, by: Actor, at: datetime) -> None:
    """Tick the task that asks for this report; times that passed without one are said so."""
    document = report.incident.playbook.document
    keys = [one.key for one in document.tasks if one.worksheet == WORKSHEET and one.repeats]
    room_now = report.incident.room_time(at)
    said = _("Situation report %(number)s") % {"number": report.number}
    for key in keys:
        waiting = Task.objects.open().filter(incident=report.incident, key=key)
        due = list(waiting.filter(due_at__lte=room_now).order_by("due_at", "pk"))
        for missed in due[:-1]:
            drop_task(missed, said, language=report.language, by=by, at=at)
        task = due[-1] if due else waiting.order_by("due_at", "pk").first()
        if task is not None:
            done = Completion(
                evidence=said,
                confirmed=tuple(task.checks),
                despite=said,
                language=report.language,
            )
            complete_task(task, done, by=by, at=at)


@transaction.atomic
def correct_report(report: SituationReport, *, by: Actor, at: datetime) -> SituationReport:
    """Begin a new version of a report that was sent; the sent one stays as it is.

    Raises ReportError while it is still a draft. Gives the draft that is open already.
    """
    append_in_order()
    same = SituationReport.objects.filter(incident=report.incident, number=report.number)
    latest = same.latest_first().get(version=same.aggregate(most=Max("version"))["most"])
    if latest.is_draft and latest.version == 1:
        raise ReportError(_("This report is still a draft. Change it as it is."))
    if latest.is_draft:
        return latest
    return SituationReport.objects.create(
        incident=report.incident,
        number=report.number,
        version=latest.version + 1,
        organisation=latest.organisation,
        language=latest.language,
        marking=latest.marking,
        covers_from=latest.covers_from,
        covers_until=latest.covers_until,
        sections=latest.sections,
        offered=latest.sections,
        casualties=latest.casualties,
        written_by_id=by.person_id,
        changed_at=at,
    )


@transaction.atomic
def discard_report(report: SituationReport, *, by: Actor, at: datetime) -> None:
    """Throw a draft away; its number is given again. Raises ReportError once it was sent."""
    append_in_order()
    _refuse_sent(SituationReport.objects.get(pk=report.pk))
    line = Line(EntryKind.REPORT, "report_discarded", facts=_facts(report))
    write_down(report.incident, line, rule="incidents.report_write", by=by, at=at)
    report.delete()


register("report_discarded", gettext_lazy("The draft of situation report %(number)s was dropped."))


@transaction.atomic
def acknowledge_report(
    report: SituationReport, reader: Organisation, *, by: Actor, at: datetime
) -> None:
    """Say for an organisation that the report was read; twice is the same as once."""
    room_now = report.incident.room_time(at)
    _receipt, is_new = ReportReceipt.objects.get_or_create(
        report=report, organisation=reader, defaults={"at": room_now}
    )
    if is_new:
        facts = {"reader": str(reader)}
        _write(report, "report_read", facts, rule="incidents.report_read", by=by, at=at)


def _facts(report: SituationReport) -> dict[str, Any]:
    return {
        "number": report.number,
        "version": report.version,
        "organisation": str(report.organisation),
    }


def _write(
    report: SituationReport,
    code: str,
    facts: dict[str, Any] | None = None,
    *,
    rule: str,
    by: Actor,
    at: datetime,
) -> None:
    line = Line(EntryKind.REPORT, code, facts=_facts(report) | (facts or {}), subject=report)
    write_down(report.incident, line, rule=rule, by=by, at=at)


def _tell(report: SituationReport, to: Iterable[Organisation], *, by: Actor, at: datetime) -> None:
    people = people_of([one.pk for one in to], at=at, least=Role.CONTRIBUTOR)
    notify(
        people.exclude(pk=by.person_id or 0),
        "incidents.report_sent",
        report,
        url=report.get_absolute_url(),
        facts=_facts(report) | {"incident": report.incident.title},
        at=at,
    )
