"""Members: invited, agreeing, changing role, leaving; and what happens when a person goes."""

from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.events import person_leaves
from tansiq.access.log import record
from tansiq.access.models import (
    ApiToken,
    BreakGlass,
    Membership,
    Notice,
    Organisation,
    OrganisationKind,
    Person,
)
from tansiq.access.notices import notify
from tansiq.access.queries import person_with_email
from tansiq.access.standing import is_last_administrator

# An invitation that nobody answered is erased after so many days, the person with it.
ANSWER_WITHIN = timedelta(days=14)


class MembershipError(Exception):
    """The step makes no sense; the message says why and what to do."""


@transaction.atomic
def invite_member(
    organisation: Organisation,
    *,
    email: str,
    name: str,
    language: str = "",
    term: Membership,
    by: Actor,
    at: datetime,
) -> Membership:
    """Ask somebody to take part; `term` holds role, title and dates, not saved yet.

    The membership counts only once the person agrees. Raises MembershipError when the role does
    not fit the organisation, or the person is a member already.
    """
    _check_role(organisation, term.role)
    person = person_with_email(email) or Person.objects.create_user(
        email, name=name, language=language
    )
    taken = Membership.objects.filter(person=person, organisation=organisation)
    if taken.exclude(ends_on__lt=at.date()).exists():
        raise MembershipError(_("This person is a member already. Change the role instead."))
    term.person, term.organisation, term.invited_at = person, organisation, at
    term.full_clean()
    term.save()
    record(by, "people.invite", term, at=at, detail={"person": person.pk, "role": term.role})
    if person.has_usable_password():
        facts = {"organisation": str(organisation)}
        notify([person], "people.invited", term, url=reverse("access:consent"), facts=facts, at=at)
    return term


def _check_role(organisation: Organisation, role: str) -> None:
    if role == Role.OVERSEER and organisation.kind != OrganisationKind.OVERSIGHT:
        raise MembershipError(_("Only an oversight body has independent overseers."))


@transaction.atomic
def set_first_password(person: Person, password: str, *, at: datetime) -> None:
    """Let an invited person in: the link came to their address, so the address is theirs."""
    person.set_password(password)
    person.save(update_fields=["password"])
    EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )
    record(Actor(person_id=person.pk), "people.set_first_password", person, at=at)


@transaction.atomic
def consent(membership: Membership, *, by: Actor, at: datetime) -> None:
    """Agree to a membership; from now on it counts."""
    membership.consented_at = at
    membership.save(update_fields=["consented_at"])
    record(by, "people.consent", membership, at=at, detail={"role": membership.role})


@transaction.atomic
def decline(membership: Membership, *, by: Actor, at: datetime) -> bool:
    """Refuse an invitation; a person who is nothing else here is erased. Return whether so."""
    record(by, "people.decline", membership, at=at)
    return _forget_invitation(membership)


def _forget_invitation(membership: Membership) -> bool:
    person = membership.person
    membership.delete()
    if person.memberships.exists() or person.is_staff:
        return False
    person.delete()
    return True


@transaction.atomic
def forget_unanswered(*, at: datetime) -> int:
    """Erase invitations that nobody answered, and whom nobody else knows; return how many."""
    old = Membership.objects.filter(
        consented_at__isnull=True, invited_at__lt=at - ANSWER_WITHIN
    ).select_related("person", "organisation")
    system = Actor.system("invitations are kept for 14 days")
    forgotten = 0
    for membership in old:
        record(system, "people.forget_invitation", membership, at=at)
        _forget_invitation(membership)
        forgotten += 1
    return forgotten


@transaction.atomic
def change_role(
    membership: Membership, *, role: str, title: str, ends_on: date | None, by: Actor, at: datetime
) -> None:
    """Give a member another role, office or last day."""
    _check_role(membership.organisation, role)
    _keep_an_administrator(membership, role, ends_on)
    was = membership.role
    membership.role, membership.title, membership.ends_on = role, title, ends_on
    membership.full_clean()
    membership.save(update_fields=["role", "title", "ends_on"])
    record(by, "people.change_role", membership, at=at, detail={"from": was, "to": role})


def _keep_an_administrator(membership: Membership, role: str, ends_on: date | None) -> None:
    if (role != Role.ADMINISTRATOR or ends_on) and is_last_administrator(membership):
        raise MembershipError(_("This is the last administrator. Name another one first."))


@transaction.atomic
def end_term(membership: Membership, *, by: Actor, at: datetime) -> None:
    """End a membership at once."""
    _keep_an_administrator(membership, "", None)
    record(by, "people.end_term", membership, at=at)
    _end(membership, at.date())


@transaction.atomic
def leave(membership: Membership, *, by: Actor, at: datetime) -> None:
    """Leave an organisation at once."""
    _keep_an_administrator(membership, "", None)
    record(by, "people.leave", membership, at=at)
    _end(membership, at.date())


def _end(membership: Membership, today: date) -> None:
    if membership.starts_on >= today:
        # It has not counted for a day yet; the record keeps that it was.
        membership.delete()
    else:
        membership.ends_on = today - timedelta(days=1)
        membership.save(update_fields=["ends_on"])


@transaction.atomic
def delete_self(person: Person, *, by: Actor, at: datetime) -> None:
    """Erase all that names this person. What they did stays in the record as a number.

    Raises MembershipError while an organisation would be left without an administrator.
    """
    memberships = list(person.memberships.select_related("organisation"))
    for membership in memberships:
        if is_last_administrator(membership):
            raise MembershipError(
                _("You are the last administrator of %(organisation)s. Name another one first.")
                % {"organisation": membership.organisation}
            )
    record(by, "people.delete_self", person, at=at)
    person_leaves.send(Person, person=person)
    for kind in (Notice, ApiToken, Membership, BreakGlass):
        kind.objects.filter(person=person).delete()
    for kind in (EmailAddress, Authenticator, SocialAccount):
        kind.objects.filter(user=person).delete()
    person.email = f"erased-{person.pk}@erased.invalid"
    person.name = person.greeting = person.language = ""
    person.is_active = person.is_staff = person.is_superuser = person.mails = False
    person.set_unusable_password()
    person.save()


@transaction.atomic
def edit_self(person: Person, changes: dict[str, object], *, by: Actor, at: datetime) -> None:
    """Change one's own name, form of address, language or wish for mails."""
    for name, value in changes.items():
        setattr(person, name, value)
    person.save(update_fields=list(changes))
    record(by, "people.edit_self", person, at=at, detail={"fields": sorted(changes)})
