"""What the room can say for each section of a situation report; people read it and change it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from tansiq.access.actor import Actor
from tansiq.access.zones import zone
from tansiq.incidents.models import (
    Decision,
    Fact,
    FactState,
    Incident,
    ReportSection,
    SupportRequest,
    Task,
    TaskState,
)
from tansiq.incidents.queries.rooms import phase_of
from tansiq.incidents.wording import moment_words, task_title

# So far ahead people plan in a crisis.
_AHEAD = timedelta(hours=12)
_MOST_LINES = 30


@dataclass(frozen=True)
class Sight:
    """From where a report is written: whose eyes, since when, until now, in which language."""

    actor: Actor
    incident: Incident
    since: datetime
    # The real moment.
    at: datetime
    language: str

    @property
    def room_now(self) -> datetime:
        return self.incident.room_time(self.at)

    def title_of(self, task: Task) -> str:
        if not task.key:
            return task.title
        return task_title(self.incident.playbook.document, task.key, self.language)


Teller = Callable[[Sight], Iterable[str]]
_tellers: dict[str, list[Teller]] = {}


def tells(section: ReportSection) -> Callable[[Teller], Teller]:
    """Register a function that gives lines for a section; several may tell of the same one."""

    def register(teller: Teller) -> Teller:
        _tellers.setdefault(section.value, []).append(teller)
        return teller

    return register


def offered_by_the_room(sight: Sight) -> dict[str, str]:
    """Return the text that the room offers for each section, in the language of the report."""
    with override(sight.language), timezone.override(zone(sight.incident.time_zone)):
        return {section.value: "\n".join(_lines(section, sight)) for section in ReportSection}


def _lines(section: ReportSection, sight: Sight) -> list[str]:
    tellers = _tellers.get(section.value, [])
    found = [line for teller in tellers for line in teller(sight) if line]
    return found[:_MOST_LINES]


@tells(ReportSection.SITUATION)
def _begun(sight: Sight) -> Iterable[str]:
    incident = sight.incident
    said = _("%(title)s, %(place)s. Began %(time)s. %(trigger)s; %(level)s.")
    yield said % {
        "title": incident.title,
        "place": incident.place,
        "time": moment_words(incident.began_at),
        "trigger": incident.get_trigger_display(),
        "level": incident.get_level_display(),
    }
    phase = phase_of(incident, sight.at)
    if phase is not None:
        yield _("Phase: %(phase)s.") % {"phase": phase.title.in_language(sight.language)}


@tells(ReportSection.SITUATION)
def _known(sight: Sight) -> Iterable[str]:
    facts = Fact.objects.visible_to(sight.actor).filter(incident=sight.incident)
    for fact in facts.order_by("-observed_at", "-pk"):
        if fact.state == FactState.CONFIRMED:
            said = _("Confirmed by %(source)s (%(time)s): %(fact)s")
        elif fact.state == FactState.UNCONFIRMED:
            said = _("Not confirmed (%(time)s): %(fact)s")
        else:
            said = _("Withdrawn (%(time)s): %(fact)s")
        time = moment_words(fact.observed_at)
        yield said % {"source": fact.source, "time": time, "fact": fact.text}


@tells(ReportSection.METHANE)
def _methane(sight: Sight) -> Iterable[str]:
    for name in ("exact_location", "hazards", "access", "casualties", "services"):
        value = getattr(sight.incident, name)
        if value:
            label = str(Incident._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # -- a column
            yield f"{label[:1].upper()}{label[1:]}: {value}"


@tells(ReportSection.ACTIONS)
def _decided(sight: Sight) -> Iterable[str]:
    rows = Decision.objects.visible_to(sight.actor).filter(
        incident=sight.incident, decided_at__gte=sight.since
    )
    for decision in rows.order_by("decided_at", "pk"):
        said = _("Decided %(time)s: %(text)s")
        yield said % {"time": moment_words(decision.decided_at), "text": decision.text}


@tells(ReportSection.ACTIONS)
def _done(sight: Sight) -> Iterable[str]:
    rows = Task.objects.visible_to(sight.actor).filter(
        incident=sight.incident, state=TaskState.DONE, ended_at__gte=sight.since
    )
    for task in rows.order_by("ended_at", "pk"):
        said = _("Done %(time)s: %(task)s")
        time = moment_words(task.ended_at) if task.ended_at else ""
        yield said % {"time": time, "task": sight.title_of(task)}


@tells(ReportSection.REQUESTS)
def _asked(sight: Sight) -> Iterable[str]:
    rows = SupportRequest.objects.visible_to(sight.actor).filter(incident=sight.incident)
    for request in rows.going_on().for_list():
        said = _("%(from)s asks %(to)s: %(what)s. %(state)s, answer owed by %(time)s.")
        yield said % {
            "from": request.from_organisation,
            "to": request.to_organisation,
            "what": request.what_and_how_much,
            "state": request.get_state_display(),
            "time": moment_words(request.answer_due_at),
        }


@tells(ReportSection.PRIORITIES)
def _next(sight: Sight) -> Iterable[str]:
    rows = (
        Task.objects.visible_to(sight.actor)
        .open()
        .filter(incident=sight.incident, due_at__lte=sight.room_now + _AHEAD)
    )
    for task in rows.most_pressing():
        assert task.due_at is not None  # noqa: S101 -- asked for above
        is_late = task.due_at < sight.room_now
        said = _("Late since %(time)s: %(task)s") if is_late else _("Due %(time)s: %(task)s")
        yield said % {"time": moment_words(task.due_at), "task": sight.title_of(task)}
