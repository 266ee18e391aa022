"""An independent overseer opens what is sealed: for an hour, with a reason the owner is told."""

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.log import record
from tansiq.access.models import BreakGlass, Person, Shared
from tansiq.access.notices import notify
from tansiq.access.queries import people_of

OPEN_FOR = timedelta(minutes=60)
SHORTEST_REASON = 20


class ReasonTooShortError(Exception):
    """The reason would tell the owner nothing."""


@transaction.atomic
def open_sealed(thing: Shared, *, reason: str, by: Actor, at: datetime) -> BreakGlass:
    """Open one thing to this overseer for an hour; the leads of the owner are told the reason."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonTooShortError(_("Write a whole sentence: the owner and the record keep it."))
    opening = BreakGlass.objects.create(
        person=Person.objects.get(pk=by.person_id),
        target_kind=thing._meta.label_lower,
        target_id=thing.pk,
        reason=reason.strip(),
        opened_at=at,
        closes_at=at + OPEN_FOR,
    )
    record(by, "oversight.open", thing, at=at, detail={"reason": opening.reason})
    # About the owner, not about the thing: of what is RED not even its leads may see all.
    notify(
        people_of([thing.owner_id], at=at, least=Role.LEAD),
        "oversight.opened",
        thing.owner,
        url=reverse("access:organisation", args=[thing.owner.slug]),
        facts={
            "kind": thing._meta.label_lower,
            "owner": str(thing.owner),
            "reason": opening.reason,
        },
        at=at,
    )
    return opening
