"""Taking what came back in a workbook of services: all of it, or nothing."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.incidents.actions.needs import put_service
from tansiq.incidents.models import Incident, Service


@transaction.atomic
def take_fourws(
    incident: Incident, saves: Iterable[tuple[Service, dict[str, Any]]], *, by: Actor, at: datetime
) -> int:
    """Save services as a workbook has them; return how many.

    Raises ChangedMeanwhileError and NotAboutPersonsError; then nothing of it is saved.
    """
    count = 0
    for service, values in saves:
        put_service(service, values, revision=service.revision, by=by, at=at)
        count += 1
    record(by, "incidents.fourws_take", incident, at=at, detail={"services": count})
    return count


def note_given(incident: Incident, *, sha256: str, by: Actor, at: datetime) -> None:
    """Write down that a workbook left the platform."""
    record(by, "export:incidents.fourws", incident, at=at, detail={"sha256": sha256})
