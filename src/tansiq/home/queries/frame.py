"""What the frame of each page asks: unread notices, and incidents that are running."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.models import Notice, Person
from tansiq.core import formats
from tansiq.incidents.models import Incident
from tansiq.incidents.queries.rooms import Alarm, alarms_for

_MOST = 3


@dataclass(frozen=True)
class Waiting:
    unread: int
    has_running: bool


@dataclass(frozen=True)
class Bar:
    """The bar of a running incident."""

    name: str
    phase: str
    tasks: str
    url: str
    is_exercise: bool


def waiting_for(actor: Actor) -> Waiting:
    """Return what the frame shows of this person, in one question: every page asks it."""
    unread = Notice.objects.visible_to(actor).filter(read_at=None).order_by()
    counted = unread.annotate(one=Value(1)).values("one").annotate(count=Count("pk"))
    running = Incident.objects.visible_to(actor).running().concerning(actor)
    found = (
        Person.objects.filter(pk=actor.person_id)
        .annotate(
            unread=Coalesce(Subquery(counted.values("count")), 0), has_running=Exists(running)
        )
        .values_list(F("unread"), F("has_running"))
        .first()
    )
    return Waiting(*found) if found else Waiting(0, has_running=False)


def bars_for(actor: Actor, path: str, *, at: datetime) -> list[Bar]:
    """Return a bar for each running incident but the one whose pages the reader is on."""
    alarms = [
        one for one in alarms_for(actor, at) if not path.startswith(one.incident.get_absolute_url())
    ]
    return [_bar(alarm) for alarm in alarms[:_MOST]]


def tasks_words(alarm: Alarm) -> str:
    """Return "2 tasks for you, 1 late"; empty without any."""
    language = get_language() or "en"
    if not alarm.open:
        return ""
    shown = {"count": formats.number(alarm.open, language)}
    words = ngettext("%(count)s task for you", "%(count)s tasks for you", alarm.open) % shown
    if not alarm.late:
        return words
    late = _("%(number)s late") % {"number": formats.number(alarm.late, language)}
    return f"{words}{formats.comma(language)}{late}"


def _bar(alarm: Alarm) -> Bar:
    incident = alarm.incident
    return Bar(
        incident.title,
        alarm.phase,
        tasks_words(alarm),
        incident.get_absolute_url(),
        incident.is_exercise,
    )
