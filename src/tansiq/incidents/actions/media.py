"""What newsrooms ask, and how the press office of a city works."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Organisation
from tansiq.core.editing import ChangedMeanwhileError, save_changes
from tansiq.core.order import append_in_order
from tansiq.incidents.actions.log import Line, arrived_before, write_down
from tansiq.incidents.models import (
    Clearance,
    EntryKind,
    Incident,
    MediaRequest,
    MediaState,
    PressOffice,
)
from tansiq.incidents.wording import register

register("media_asked", gettext_lazy("%(outlet)s asked something."))
register("media_changed", gettext_lazy("The request of %(outlet)s was changed."))
register("media_answered", gettext_lazy("The request of %(outlet)s was answered."))
register("media_declined", gettext_lazy("The request of %(outlet)s was declined."))


class MediaError(Exception):
    """The request cannot be ended so; the message says what to do first."""


@transaction.atomic
def log_media_request(
    incident: Incident,
    values: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    client_key: uuid.UUID | None = None,
) -> MediaRequest:
    """Write down what a newsroom asks. What a device sends twice becomes one."""
    known = arrived_before(incident, client_key)
    if known is not None:
        return MediaRequest.objects.get(pk=known.subject_id or 0)
    request = MediaRequest.objects.create(
        incident=incident,
        language=incident.language,
        asked_at=incident.room_time(at),
        changed_at=at,
        **values,
    )
    _write(request, "media_asked", "log_media_request", by=by, at=at, client_key=client_key)
    return request


@transaction.atomic
def edit_media_request(
    request: MediaRequest, changes: Mapping[str, Any], *, revision: int, by: Actor, at: datetime
) -> None:
    """Change what is settled about it. Raises ChangedMeanwhileError when somebody was quicker."""
    append_in_order()
    request.refresh_from_db()
    if not request.is_open:
        raise MediaError(_("It was answered or declined already. Nothing was changed."))
    save_changes(request, dict(changes), revision=revision, at=at)
    _write(request, "media_changed", "answer_media_request", by=by, at=at)


@transaction.atomic
def end_media_request(request: MediaRequest, state: MediaState, *, by: Actor, at: datetime) -> None:
    """Answer or decline it. Raises MediaError while something that protects people is open."""
    append_in_order()
    request.refresh_from_db()
    if not request.is_open:
        raise MediaError(_("It was answered or declined already. Nothing was changed."))
    if state == MediaState.ANSWERED:
        _refuse_answer(request)
    changes = {
        "state": state,
        "ended_at": request.incident.room_time(at),
        "ended_by_id": by.person_id,
    }
    save_changes(request, changes, revision=request.revision, at=at)
    code = "media_answered" if state == MediaState.ANSWERED else "media_declined"
    _write(request, code, "answer_media_request", by=by, at=at)


def _refuse_answer(request: MediaRequest) -> None:
    if not request.answer.strip():
        raise MediaError(_("Write down what you answer first."))
    if request.police in {Clearance.NEEDED, Clearance.NO}:
        raise MediaError(_("The police have not cleared it. Ask them, or decline the request."))
    if request.family in {Clearance.NEEDED, Clearance.NO}:
        raise MediaError(_("The family has not agreed. Leave them out, or decline the request."))
    if not request.is_stigma_checked:
        raise MediaError(_("Read the answer once more: does it blame or expose a group?"))


def _write(
    request: MediaRequest,
    code: str,
    rule: str,
    *,
    by: Actor,
    at: datetime,
    client_key: uuid.UUID | None = None,
) -> None:
    line = Line(
        EntryKind.STATEMENT,
        code,
        facts={"outlet": request.outlet},
        subject=request,
        client_key=client_key,
    )
    write_down(request.incident, line, rule=f"incidents.{rule}", by=by, at=at)


@transaction.atomic
def edit_press_office(
    owner: Organisation,
    values: Mapping[str, Any],
    *,
    revision: int,
    by: Actor,
    at: datetime,
) -> PressOffice:
    """Say how the organisation speaks. Raises ChangedMeanwhileError when somebody was quicker."""
    append_in_order()
    office = PressOffice.objects.filter(owner=owner).first()
    if office is None:
        office = PressOffice.objects.create(owner=owner, changed_at=at, **values)
    elif not revision:
        raise ChangedMeanwhileError(office)
    else:
        save_changes(office, dict(values), revision=revision, at=at)
    record(by, "incidents.edit_press_office", owner, at=at, detail={"fields": sorted(values)})
    return office


@transaction.atomic
def publish_press_office(office: PressOffice, *, by: Actor, at: datetime) -> None:
    """Let everybody read its page; once more takes the page off again."""
    published_at = None if office.published_at else at
    save_changes(office, {"published_at": published_at}, revision=office.revision, at=at)
    detail = {"published": published_at is not None}
    record(by, "incidents.edit_press_office", office.owner, at=at, detail=detail)
