"""What was decided, on what information, and why."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor
from tansiq.incidents.actions.log import (
    AT_ONCE,
    Line,
    Sent,
    arrived_before,
    role_of,
    speaks_for,
    write_down,
    written_in_room,
)
from tansiq.incidents.models import Decision, EntryKind, Fact, FactVersion, Incident
from tansiq.incidents.wording import register

register("decided", gettext_lazy("Decision"))
register("decided_instead", gettext_lazy("Decision, in place of an earlier one"))


class DecisionError(Exception):
    """The decision cannot be written down so; the message says what to do."""


@dataclass(frozen=True)
class Decided:
    """What is written down of a decision."""

    text: str
    why: str
    language: str
    facts: tuple[Fact, ...] = ()
    information: str = ""
    alternatives: str = ""
    replaces: Decision | None = None


@transaction.atomic
def decide(
    incident: Incident, decided: Decided, *, by: Actor, at: datetime, sent: Sent = AT_ONCE
) -> Decision:
    """Write a decision down, with the facts as they stand at this moment.

    Raises DecisionError when it names no information, or replaces what was replaced before.
    """
    before = arrived_before(incident, sent.client_key)
    if before is not None:
        return Decision.objects.get(pk=before.subject_id or 0)
    if not decided.facts and not decided.information.strip():
        raise DecisionError(_("Choose the facts it rests on, or write what else you know."))
    if decided.replaces is not None and decided.replaces.replaced_by.exists():
        raise DecisionError(_("A later decision took the place of that one already."))
    decision = Decision.objects.create(
        incident=incident,
        text=decided.text,
        why=decided.why,
        information=decided.information,
        alternatives=decided.alternatives,
        language=decided.language,
        replaces=decided.replaces,
        person_id=by.person_id,
        organisation_id=speaks_for(by, incident),
        role=role_of(by, incident),
        decided_at=written_in_room(incident, sent, at) or incident.room_time(at),
    )
    decision.facts.set(latest_versions(decided.facts))
    line = Line(
        EntryKind.DECISION,
        "decided_instead" if decided.replaces else "decided",
        text=decided.text,
        language=decided.language,
        subject=decision,
        sent=sent,
    )
    write_down(incident, line, rule="incidents.decide", by=by, at=at)
    return decision


def latest_versions(facts: tuple[Fact, ...]) -> list[FactVersion]:
    """Return these facts as they stand now, for what will point to them later."""
    versions = FactVersion.objects.filter(fact__in=facts).order_by("fact", "number")
    return list({version.fact_id: version for version in versions}.values())
