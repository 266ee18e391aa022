"""An after-action report as a document: the same blocks on the page, in PDF and in Word.

What people wrote (words, findings) stands first and apart; the figures are read from the room.
"""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.zones import zone
from tansiq.core import formats
from tansiq.core.documents.model import (
    Block,
    Bullets,
    Document,
    Heading,
    Paragraph,
    Rows,
    Table,
)
from tansiq.core.documents.words import paragraphs_of
from tansiq.incidents.models import (
    AfterAction,
    Corrective,
    DebriefNote,
    Finding,
    Incident,
)
from tansiq.incidents.queries import after_action as figures
from tansiq.incidents.queries.after_action_tables import Asked, figures_of, nothing, number
from tansiq.incidents.wording import moment_words


def document_for(actor: Actor, incident: Incident, *, at: datetime) -> Document:
    """Return the report as this actor may read it, in the language that is active."""
    asked = Asked(actor, incident, at)
    title = _("After-action report")
    with timezone.override(zone(incident.time_zone)):
        return Document(
            title=title,
            subtitle=incident.title,
            subject=title,
            language=asked.language,
            author=str(incident.owner),
            made_at=at,
            blocks=[*words_of(actor, incident), *figures_of(asked)],
            facts=list(_facts(asked)),
            marking=f"TLP:{incident.marking.upper()}",
            state=_stamp(actor, incident),
            footer=f"{title} · {incident.title}",
            contents_title=_("Contents"),
        )


def draft_summary(incident: Incident, *, at: datetime) -> str:
    """Return first words for the report from its figures; people go on from them."""
    timing = figures.timing_of(figures.task_times(incident, at))
    facts = {
        "title": incident.title,
        "began": moment_words(incident.began_at),
        "due": number(timing.due),
        "in_time": number(timing.in_time),
    }
    return (
        _("%(title)s. It began at %(began)s. Tasks due: %(due)s; done in time: %(in_time)s.")
        % facts
    )


def figure_blocks(actor: Actor, incident: Incident, *, at: datetime) -> list[Block]:
    """Return the figures for the page."""
    return list(figures_of(Asked(actor, incident, at)))


def _stamp(actor: Actor, incident: Incident) -> str:
    report = _report(actor, incident)
    words = [_("EXERCISE")] if incident.is_exercise else []
    is_draft = report is None or report.shared_at is None
    return " · ".join([*words, *([_("Draft")] if is_draft else [])])


def _facts(asked: Asked) -> Iterator[tuple[str, str]]:
    incident = asked.incident
    yield _("Organisation"), str(incident.owner)
    yield _("Place"), str(incident.place)
    yield _("Began"), moment_words(incident.began_at)
    if incident.closed_at is not None:
        yield _("Closed"), moment_words(incident.closed_at)
    yield _("Playbook"), str(incident.playbook.playbook)


def _report(actor: Actor, incident: Incident) -> AfterAction | None:
    return AfterAction.objects.visible_to(actor).filter(incident=incident).first()


def words_of(actor: Actor, incident: Incident) -> Iterator[Block]:
    """Give what people wrote: words, findings with what is to be done, and the debriefs."""
    report = _report(actor, incident)
    texts = [
        (_("What happened"), report.summary if report else ""),
        (_("What went well"), report.went_well if report else ""),
        (_("What to improve"), report.to_improve if report else ""),
    ]
    for title, text in texts:
        yield Heading(title)
        for line in paragraphs_of(text) or [_("Nothing is written here yet.")]:
            yield Paragraph(line)
    yield Heading(_("Findings and what is to be done"))
    yield from _findings(actor, incident)
    yield Heading(_("What people said afterwards"))
    yield from _debriefs(actor, incident)


def _findings(actor: Actor, incident: Incident) -> Iterator[Block]:
    findings = list(Finding.objects.visible_to(actor).filter(incident=incident).order_by("pk"))
    if not findings:
        yield nothing()
        return
    yield Bullets([f"{one.get_kind_display()}: {one.text}" for one in findings])
    rows = Corrective.objects.visible_to(actor).filter(incident=incident)
    listed = rows.select_related("lead", "plan").order_by("due_on", "pk")
    table: Rows = [
        [
            one.text,
            str(one.lead),
            formats.short_day(one.due_on, get_language() or "en"),
            one.where,
        ]
        for one in listed
    ]
    if table:
        headings = [_("What"), _("Who"), _("Due"), _("Where it is kept")]
        yield Table(_("What is to be done"), headings, table, widths=(4, 2, 2, 2))


def _debriefs(actor: Actor, incident: Incident) -> Iterator[Block]:
    notes = DebriefNote.objects.visible_to(actor).filter(incident=incident)
    table: Rows = [
        [
            str(one.get_group_display()),
            formats.number(one.people, get_language() or "en"),
            str(one.get_theme_display()),
            one.text,
        ]
        for one in notes.order_by("group", "theme", "pk")
    ]
    if not table:
        yield nothing()
        return
    headings = [_("Who was heard"), _("How many"), _("Theme"), _("What they said")]
    caption = _("Groups heard, each for itself")
    yield Table(caption, headings, table, frozenset({1}), (2, 1, 2, 5))
