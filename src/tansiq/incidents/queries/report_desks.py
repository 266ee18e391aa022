"""What the desks of a room tell for a situation report: needs, rumours, tension, public words."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from tansiq.core import formats
from tansiq.incidents.models import (
    Need,
    NeedState,
    ReportSection,
    Rumour,
    Statement,
    StatementState,
    TensionReading,
)
from tansiq.incidents.queries.report_drafts import Sight, tells
from tansiq.incidents.wording import moment_words


@tells(ReportSection.NEEDS)
def _needs(sight: Sight) -> Iterable[str]:
    """One line a need: how many people, and for how many it is met. Counts only."""
    rows = Need.objects.visible_to(sight.actor).filter(incident=sight.incident)
    for need in rows.exclude(state=NeedState.CLOSED).select_related("place").order_by("-count"):
        said = _("%(kind)s, %(place)s: %(count)s people, met for %(met)s.")
        yield said % {
            "kind": need.get_kind_display(),
            "place": need.place,
            "count": formats.number(need.count, sight.language),
            "met": formats.number(need.met, sight.language),
        }


@tells(ReportSection.COMMUNICATIONS)
def _told(sight: Sight) -> Iterable[str]:
    rows = Statement.objects.visible_to(sight.actor).filter(
        incident=sight.incident, state=StatementState.RELEASED, released_at__gte=sight.since
    )
    latest = None
    for statement in rows.order_by("released_at", "pk"):
        said = _("Released %(time)s: %(kind)s, number %(number)s.")
        yield said % {
            "time": moment_words(statement.released_at or sight.since),
            "kind": statement.get_kind_display(),
            "number": formats.number(statement.number, sight.language),
        }
        latest = statement.next_update_at
    if latest is not None:
        yield _("Next public update promised for %(time)s.") % {"time": moment_words(latest)}


@tells(ReportSection.RUMOURS)
def _rumours(sight: Sight) -> Iterable[str]:
    rows = Rumour.objects.visible_to(sight.actor).filter(
        incident=sight.incident, entered_at__gte=sight.since
    )
    for rumour in rows.order_by("entered_at", "pk"):
        stands = rumour.get_outcome_display() or rumour.get_status_display()
        yield _("%(claim)s: %(state)s.") % {"claim": rumour.claim, "state": stands}


@tells(ReportSection.TENSION)
def _tension(sight: Sight) -> Iterable[str]:
    """Tell what was read since; what an organisation keeps to itself is left out."""
    rows = TensionReading.objects.visible_to(sight.actor).filter(
        incident=sight.incident,
        at__gte=sight.since,
        kept_by__isnull=True,
        withdrawn_at__isnull=True,
    )
    for reading in rows.select_related("place").order_by("at", "pk"):
        said = _("%(place)s, %(about)s: %(level)s (%(basis)s).")
        yield said % {
            "place": reading.place,
            "about": reading.get_domain_display(),
            "level": reading.get_level_display(),
            "basis": reading.get_basis_display(),
        }
