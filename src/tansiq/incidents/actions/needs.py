"""The needs board: needs told by count, services that answer them, who has nobody."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor
from tansiq.access.models import Place
from tansiq.core.editing import save_changes
from tansiq.incidents.actions.log import AT_ONCE, Line, Sent, arrived_before, speaks_for, write_down
from tansiq.incidents.actions.raising import raise_task
from tansiq.incidents.actions.refusing import refuse_records
from tansiq.incidents.desks import ROLE_FOR_NEED, role_or_lead
from tansiq.incidents.models import (
    AffectedGroup,
    EntryKind,
    FamiliesCount,
    Incident,
    Match,
    Need,
    NeedKind,
    NeedState,
    Service,
    ServiceState,
)
from tansiq.incidents.wording import register

register("need_entered", gettext_lazy("A need was entered: %(count)s people."))
register("need_matched", gettext_lazy("A service takes care of %(count)s people of a need."))
register("need_unmatched", gettext_lazy("A service no longer takes care of a need."))
register("need_counted", gettext_lazy("A need was counted anew."))
register("need_closed", gettext_lazy("A need was closed."))
register("need_reopened", gettext_lazy("A need is open again."))
register("service_entered", gettext_lazy("A service was entered."))
register("service_changed", gettext_lazy("A service was changed."))
register("families_counted", gettext_lazy("The support of families was counted."))

# So many independent requests of one kind in one area are a task.
ENOUGH = 3
_WITHIN = timedelta(hours=4)


class NeedError(Exception):
    """The board cannot take this; the message says what to do."""


@dataclass(frozen=True)
class Told:
    """A need as somebody tells it: how many of a broad group need what, where."""

    kind: str
    count: int
    place: Place
    source: str
    language: str
    group: str = AffectedGroup.EVERYBODY
    languages: tuple[str, ...] = ()
    needs_access: bool = False
    note: str = ""


@transaction.atomic
def enter_need(
    incident: Incident, told: Told, *, by: Actor, at: datetime, sent: Sent = AT_ONCE
) -> Need:
    """Put a need on the board. Raises NotAboutPersonsError for anybody's case."""
    before = arrived_before(incident, sent.client_key)
    if before is not None:
        return Need.objects.get(pk=before.subject_id or 0)
    refuse_records([told.note])
    need = Need.objects.create(
        incident=incident,
        kind=told.kind,
        group=told.group,
        place=told.place,
        count=told.count,
        source=told.source,
        languages=list(told.languages),
        needs_access=told.needs_access,
        note=told.note,
        language=told.language,
        organisation_id=speaks_for(by, incident),
        told_at=incident.room_time(at),
        changed_at=at,
    )
    line = Line(
        EntryKind.NEED,
        "need_entered",
        facts={"count": told.count},
        text=told.note,
        language=told.language,
        subject=need,
        sent=sent,
    )
    write_down(incident, line, rule="incidents.need_enter", by=by, at=at)
    _raise_when_enough(need, at=at)
    return need


def _raise_when_enough(need: Need, *, at: datetime) -> None:
    """Add a task when enough independent requests of this kind came from this area.

    Requests of one organisation from one kind of source are one voice, however many.
    """
    incident = need.incident
    rows = Need.objects.filter(incident=incident, kind=need.kind, place=need.place).unmet()
    if len(set(rows.values_list("organisation", "source"))) < ENOUGH:
        return
    kind = NeedKind(need.kind)
    with translation.override(incident.language):
        title = _("Arrange in %(place)s: %(need)s") % {"place": need.place, "need": kind.label}
    raise_task(
        incident,
        f"need:{need.kind}:{need.place_id}",
        title=title[:200],
        role=role_or_lead(incident, ROLE_FOR_NEED[kind]),
        within=_WITHIN,
        kind=EntryKind.NEED,
        at=at,
    )


@transaction.atomic
def match_need(need: Need, service: Service, *, count: int, by: Actor, at: datetime) -> Match:
    """Let a service take care of so many people of a need.

    Raises NeedError when there are not so many, the service has no room or does not run.
    """
    need, service = _locked(need), _locked(service)
    if not need.is_open:
        raise NeedError(_("This need is met or closed already."))
    if not 1 <= count <= need.left:
        raise NeedError(
            _("At most %(left)s people of this need are without help.") % {"left": need.left}
        )
    if service.state == ServiceState.ENDED or service.kind != need.kind:
        raise NeedError(_("This service has ended, or answers another need. Choose another one."))
    if service.free is not None and count > service.free:
        raise NeedError(_("This service has %(free)s free places.") % {"free": service.free})
    match = Match.objects.create(
        incident=need.incident,
        need=need,
        service=service,
        count=count,
        made_at=need.incident.room_time(at),
    )
    _count(need, service, count, at=at)
    _say(need, "need_matched", facts={"count": count}, rule="incidents.need_match", by=by, at=at)
    return match


@transaction.atomic
def undo_match(match: Match, *, by: Actor, at: datetime) -> None:
    """Take a match back. Raises NeedError when somebody did before."""
    need, service = _locked(match.need), _locked(match.service)
    match.refresh_from_db()
    if match.undone_at is not None:
        raise NeedError(_("This was taken back already."))
    match.undone_at = need.incident.room_time(at)
    match.save(update_fields=["undone_at"])
    _count(need, service, -match.count, at=at)
    _say(need, "need_unmatched", rule="incidents.need_match", by=by, at=at)


def _locked(thing: Any) -> Any:
    """Return a need or service as it stands, while others who count with it wait."""
    rows = type(thing).objects.select_for_update(of=("self",))
    return rows.select_related("incident").get(pk=thing.pk)


def _count(need: Need, service: Service, count: int, *, at: datetime) -> None:
    # People who are sent away for another reason may have made room meanwhile.
    taken = max(service.taken + count, 0)
    save_changes(service, {"taken": taken}, revision=service.revision, at=at)
    _meet(need, max(need.met + count, 0), revision=need.revision, at=at)


def _meet(need: Need, met: int, *, revision: int, at: datetime) -> None:
    state = NeedState.MET if met == need.count else NeedState.PART if met else NeedState.OPEN
    ended_at = need.incident.room_time(at) if state == NeedState.MET else None
    changes = {"count": need.count, "met": met, "state": state, "ended_at": ended_at}
    save_changes(need, changes | {"closed_because": ""}, revision=revision, at=at)


@transaction.atomic
def count_need(need: Need, *, count: int, met: int, revision: int, by: Actor, at: datetime) -> None:
    """Count anew how many need it and for how many it is met. Raises ChangedMeanwhileError."""
    if not 0 <= met <= count or count < 1:
        raise NeedError(_("It cannot be met for more people than need it."))
    need.count = count
    _meet(need, met, revision=revision, at=at)
    _say(need, "need_counted", rule="incidents.need_enter", by=by, at=at)


@transaction.atomic
def close_need(need: Need, *, reason: str, revision: int, by: Actor, at: datetime) -> None:
    """Take a need off the board, with the reason."""
    refuse_records([reason])
    moment = need.incident.room_time(at)
    changes = {"state": NeedState.CLOSED, "ended_at": moment, "closed_because": reason}
    save_changes(need, changes, revision=revision, at=at)
    _say(need, "need_closed", text=reason, rule="incidents.need_enter", by=by, at=at)


@transaction.atomic
def reopen_need(need: Need, *, revision: int, by: Actor, at: datetime) -> None:
    """Put a closed need back as it stood."""
    if need.state != NeedState.CLOSED:
        raise NeedError(_("This need is on the board already."))
    _meet(need, need.met, revision=revision, at=at)
    _say(need, "need_reopened", rule="incidents.need_enter", by=by, at=at)


@transaction.atomic
def put_service(
    service: Service, changes: dict[str, Any], *, revision: int, by: Actor, at: datetime
) -> Service:
    """Enter a service, or change it. Raises NotAboutPersonsError, ChangedMeanwhileError."""
    refuse_records(str(changes.get(one, "")) for one in ("body", "hours", "note"))
    if service.pk is None:
        for name, value in changes.items():
            setattr(service, name, value)
        service.changed_at = at
        service.save(force_insert=True)
        code = "service_entered"
    else:
        save_changes(service, changes, revision=revision, at=at)
        code = "service_changed"
    line = Line(EntryKind.NEED, code, text=str(service), subject=service)
    write_down(service.incident, line, rule="incidents.service_keep", by=by, at=at)
    return service


@transaction.atomic
def count_families(
    incident: Incident, counted: dict[str, int], *, by: Actor, at: datetime
) -> FamiliesCount:
    """Keep how families are supported now; numbers alone."""
    if counted["with_navigator"] > counted["families"]:
        raise NeedError(_("More families have a contact person than there are families."))
    made = FamiliesCount.objects.create(
        incident=incident,
        organisation_id=speaks_for(by, incident),
        at=incident.room_time(at),
        **counted,
    )
    line = Line(EntryKind.NEED, "families_counted", subject=made)
    write_down(incident, line, rule="incidents.families_count", by=by, at=at)
    return made


def _say(
    need: Need,
    code: str,
    *,
    rule: str,
    by: Actor,
    at: datetime,
    facts: dict[str, Any] | None = None,
    text: str = "",
) -> None:
    line = Line(EntryKind.NEED, code, facts=facts or {}, text=text, subject=need)
    write_down(need.incident, line, rule=rule, by=by, at=at)
