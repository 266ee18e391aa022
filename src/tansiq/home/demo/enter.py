"""Entering bodies and people, until `access.actions` has words for it."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Contact, Membership, Organisation, Person


def add_organisation(organisation: Organisation, *, by: Actor, at: datetime) -> None:
    if organisation.place is not None:
        organisation.country_code = organisation.place.country_code
    organisation.full_clean()
    organisation.save()
    record(by, "organisations.create", organisation, at=at, detail={"kind": organisation.kind})


def invite(
    organisation: Organisation, row: dict[str, Any], term: Membership, *, by: Actor, at: datetime
) -> Membership:
    person = Person.objects.filter(email=row["email"]).first()
    if person is None:
        person = Person.objects.create_user(row["email"], name=row["name"])
    term.person, term.organisation, term.invited_at = person, organisation, at
    term.full_clean()
    term.save()
    record(by, "people.invite", term, at=at, detail={"person": person.pk, "role": term.role})
    return term


def let_in(membership: Membership, secret: str, row: dict[str, Any], *, at: datetime) -> None:
    """Let the person agree and sign in. `secret` is the hash of the demo's one password."""
    person = membership.person
    person.password = secret
    person.greeting, person.language = row["greeting"], row["language"]
    # The addresses do not exist.
    person.mails = False
    person.save()
    EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )
    membership.consented_at = at
    membership.save(update_fields=["consented_at"])
    record(
        Actor(person_id=person.pk),
        "people.consent",
        membership,
        at=at,
        detail={"role": membership.role},
    )


def add_contact(contact: Contact, *, by: Actor, at: datetime) -> None:
    contact.full_clean()
    contact.save()
    detail = {"agreed_on": contact.consented_on.isoformat()}
    record(by, "contacts.add", contact, at=at, detail=detail)
