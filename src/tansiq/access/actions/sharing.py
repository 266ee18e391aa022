"""Who may read a thing: its marking, the named recipients, and what those hand on."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.events import marking_changed
from tansiq.access.log import record
from tansiq.access.models import Marking, Organisation, Person, Shared
from tansiq.access.notices import notify
from tansiq.access.queries import people_of
from tansiq.access.standing import bodies_under

# From everybody to the fewest.
_TIGHTER = [Marking.CLEAR, Marking.GREEN, Marking.AMBER, Marking.AMBER_STRICT, Marking.RED]


class SharingError(Exception):
    """The step makes no sense for this thing; the message says why and what to do."""


def is_loosening(thing: Shared, *, marking: str, is_hub_wide: bool) -> bool:
    """Return whether this change would give somebody access who has none now."""
    now, then = _TIGHTER.index(Marking(thing.marking)), _TIGHTER.index(Marking(marking))
    return then < now or (is_hub_wide and not thing.is_hub_wide)


@transaction.atomic
def change_marking(
    thing: Shared, *, marking: str, is_hub_wide: bool, by: Actor, at: datetime
) -> None:
    """Mark the thing anew. Under RED, who marks it so is named, lest nobody could read it."""
    was = thing.marking
    thing.marking = marking
    thing.is_hub_wide = is_hub_wide and marking in {Marking.CLEAR, Marking.GREEN}
    thing.save(update_fields=["marking", "is_hub_wide"])
    if marking == Marking.RED and by.person_id is not None:
        thing.named_people.add(by.person_id)
    if marking != Marking.AMBER:
        # It does not count now; cleared, so that it does not come back with AMBER unnoticed.
        thing.handed_on_to.clear()
    detail = {"from": was, "to": marking, "hub_wide": thing.is_hub_wide}
    record(by, "sharing.mark", thing, at=at, detail=detail)
    marking_changed.send(type(thing), thing=thing)


@transaction.atomic
def name_organisation(
    thing: Shared, organisation: Organisation, *, by: Actor, at: datetime
) -> None:
    """Let the members of one more organisation read the thing, and tell them."""
    if thing.marking == Marking.RED:
        raise SharingError(
            _("What is TLP:RED goes to persons only. Name persons, or mark it anew.")
        )
    if organisation.pk == thing.owner_id:
        raise SharingError(_("The owner reads this anyway."))
    thing.named_organisations.add(organisation)
    thing.handed_on_to.remove(organisation)
    record(by, "sharing.name", thing, at=at, detail={"organisation": organisation.pk})
    _tell(people_of([organisation.pk], at=at), "sharing.named", thing, at=at)


@transaction.atomic
def name_person(thing: Shared, person: Person, *, by: Actor, at: datetime) -> None:
    """Let one more person read what is TLP:RED, and tell them."""
    if thing.marking != Marking.RED:
        raise SharingError(_("Persons are named for TLP:RED only. Name their organisation."))
    thing.named_people.add(person)
    record(by, "sharing.name", thing, at=at, detail={"person": person.pk})
    _tell([person], "sharing.named", thing, at=at)


@transaction.atomic
def unname_organisation(
    thing: Shared, organisation: Organisation, *, by: Actor, at: datetime
) -> None:
    """Take an organisation off the list, and with it whom only it handed the thing on to."""
    thing.named_organisations.remove(organisation)
    thing.handed_on_to.remove(organisation)
    named = thing.named_organisations.values_list("pk", flat=True)
    thing.handed_on_to.remove(*thing.handed_on_to.exclude(pk__in=bodies_under(named)))
    record(by, "sharing.unname", thing, at=at, detail={"organisation": organisation.pk})


@transaction.atomic
def unname_person(thing: Shared, person: Person, *, by: Actor, at: datetime) -> None:
    """Take a person off the list. Raises SharingError for the last one."""
    if not thing.named_people.exclude(pk=person.pk).exists():
        raise SharingError(_("Nobody could read this any more. Name somebody else first."))
    thing.named_people.remove(person)
    record(by, "sharing.unname", thing, at=at, detail={"person": person.pk})


@transaction.atomic
def hand_on(thing: Shared, to: Organisation, *, by: Actor, at: datetime) -> None:
    """Let a body under a named organisation read the thing; the owner is told.

    Raises SharingError when the body does not stand under one the actor speaks for.
    """
    mine = thing.named_organisations.filter(pk__in=by.organisation_ids)
    if not bodies_under(mine.values_list("pk", flat=True)).filter(pk=to.pk).exists():
        raise SharingError(_("You can hand this on only to bodies that stand under yours."))
    thing.handed_on_to.add(to)
    record(by, "sharing.hand_on", thing, at=at, detail={"organisation": to.pk})
    _tell(people_of([to.pk], at=at), "sharing.named", thing, at=at)
    facts = {"by": ", ".join(str(one) for one in mine), "to": str(to)}
    _tell(people_of([thing.owner_id], at=at), "sharing.handed_on", thing, at=at, **facts)


def _tell(people: Any, code: str, thing: Shared, *, at: datetime, **facts: str) -> None:
    url = reverse("access:sharing", args=[thing._meta.model_name, thing.pk])
    written = {"title": str(thing), "owner": str(thing.owner), **facts}
    notify(people, code, thing, url=url, facts=written, at=at)
