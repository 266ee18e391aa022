"""Bodies that take part: entered, corrected, closed."""

from datetime import datetime
from typing import Any

from django.db import transaction

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Organisation
from tansiq.core.editing import save_changes


@transaction.atomic
def create_organisation(organisation: Organisation, *, by: Actor, at: datetime) -> None:
    """Enter a body that takes part at a place."""
    if organisation.place is not None:
        organisation.country_code = organisation.place.country_code
    organisation.full_clean()
    organisation.save()
    record(by, "organisations.create", organisation, at=at, detail={"kind": organisation.kind})


@transaction.atomic
def edit_organisation(
    organisation: Organisation, changes: dict[str, Any], *, revision: int, by: Actor, at: datetime
) -> None:
    """Correct an organisation. Raises ChangedMeanwhileError if somebody else was quicker."""
    save_changes(organisation, changes, revision=revision, at=at)
    record(by, "organisations.edit", organisation, at=at, detail={"fields": sorted(changes)})
