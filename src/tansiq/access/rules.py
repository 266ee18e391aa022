"""Who may do what with people, organisations, sharing and the log. Seeing is decided before."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.models import (
    ApiToken,
    Contact,
    Marking,
    Membership,
    Notice,
    Organisation,
    OrganisationKind,
    Person,
    Place,
    Shared,
)
from tansiq.access.standing import (
    has_administrator,
    is_administrator_above,
    is_last_administrator,
    is_named,
)
from tansiq.access.verdict import YES, Verdict, no

# What speaks for a country, a hub or its oversight is set up by who runs the platform.
SET_UP_BY_OPERATORS = {
    OrganisationKind.NATIONAL_BODY,
    OrganisationKind.HUB,
    OrganisationKind.OVERSIGHT,
}


@rule("sharing.view")
def view_sharing(actor: Actor, thing: Shared) -> Verdict:
    return YES


@rule("sharing.mark")
def mark(actor: Actor, thing: Shared) -> Verdict:
    if thing.has_fixed_readers:
        return no(_("Who reads this follows from what it is, and cannot be changed."))
    if actor.is_at_least(Role.COORDINATOR, in_organisation=thing.owner_id):
        return YES
    return no(_("Only a coordinator of the owner can change the marking."))


@rule("sharing.loosen")
def loosen(actor: Actor, thing: Shared) -> Verdict:
    if actor.is_at_least(Role.LEAD, in_organisation=thing.owner_id):
        return YES
    return no(_("Only a lead of the owner can open this to more readers."))


@rule("sharing.name")
def name(actor: Actor, thing: Shared) -> Verdict:
    if thing.has_fixed_readers:
        return no(_("Who reads this follows from what it is, and cannot be changed."))
    if actor.is_at_least(Role.COORDINATOR, in_organisation=thing.owner_id):
        return YES
    return no(_("Only a coordinator of the owner can say who else may read this."))


@rule("sharing.unname")
def unname(actor: Actor, thing: Shared) -> Verdict:
    return name(actor, thing)


@rule("sharing.hand_on")
def hand_on(actor: Actor, thing: Shared) -> Verdict:
    if thing.marking != Marking.AMBER:
        return no(_("Only what is marked TLP:AMBER can be handed on to bodies under you."))
    if is_named(thing, actor.organisations_as(Role.COORDINATOR)):
        return YES
    return no(_("Only a coordinator of an organisation that is named here can hand this on."))


@rule("oversight.view")
def view_oversight(actor: Actor, person: Person) -> Verdict:
    return YES if actor.is_overseer else no(_("This page is for independent overseers."))


@rule("oversight.open")
def open_sealed(actor: Actor, thing: Shared) -> Verdict:
    if actor.is_overseer:
        return YES
    return no(_("Only an independent overseer of the country can open what is sealed."))


@rule("log.view")
def view_log(actor: Actor, person: Person) -> Verdict:
    if actor.is_overseer or actor.is_operator or actor.organisations_as(Role.ADMINISTRATOR):
        return YES
    return no(_("The record is read by administrators and independent overseers."))


@rule("people.view")
def view_person(actor: Actor, person: Person) -> Verdict:
    return YES


@rule("people.edit_self")
def edit_self(actor: Actor, person: Person) -> Verdict:
    return YES if actor.person_id == person.pk else no(_("Everybody keeps their own page."))


@rule("people.delete_self")
def delete_self(actor: Actor, person: Person) -> Verdict:
    return edit_self(actor, person)


@rule("people.invite")
def invite(actor: Actor, organisation: Organisation) -> Verdict:
    if actor.is_at_least(Role.ADMINISTRATOR, in_organisation=organisation.pk):
        return YES
    starts = not has_administrator(organisation)
    if starts and (actor.is_operator or is_administrator_above(actor, organisation.place)):
        return YES
    return no(_("Only an administrator of this organisation can invite members."))


@rule("people.change_role")
def change_role(actor: Actor, membership: Membership) -> Verdict:
    if not actor.is_at_least(Role.ADMINISTRATOR, in_organisation=membership.organisation_id):
        return no(_("Only an administrator of this organisation can change roles and terms."))
    if is_last_administrator(membership):
        return no(_("This is the last administrator. Name another one first."))
    return YES


@rule("people.end_term")
def end_term(actor: Actor, membership: Membership) -> Verdict:
    return change_role(actor, membership)


@rule("people.leave")
def leave(actor: Actor, membership: Membership) -> Verdict:
    if membership.person_id != actor.person_id:
        return no(_("Everybody leaves for themselves. An administrator can end a term."))
    if is_last_administrator(membership):
        return no(_("You are the last administrator. Name another one first."))
    return YES


@rule("people.consent")
def consent(actor: Actor, membership: Membership) -> Verdict:
    if membership.person_id != actor.person_id:
        return no(_("Only the person who was invited can agree."))
    if membership.consented_at is not None:
        return no(_("You have agreed to this already."))
    return YES


@rule("contacts.add")
def add_contact(actor: Actor, organisation: Organisation) -> Verdict:
    if actor.is_at_least(Role.COORDINATOR, in_organisation=organisation.pk):
        return YES
    return no(_("Only a coordinator of this organisation keeps its contacts."))


@rule("contacts.edit")
def edit_contact(actor: Actor, contact: Contact) -> Verdict:
    return add_contact(actor, contact.organisation)


@rule("contacts.withdraw")
def withdraw_contact(actor: Actor, contact: Contact) -> Verdict:
    return add_contact(actor, contact.organisation)


@rule("organisations.view")
def view_organisation(actor: Actor, organisation: Organisation) -> Verdict:
    return YES


@rule("organisations.create")
def create_organisation(actor: Actor, place: Place) -> Verdict:
    if actor.is_operator or is_administrator_above(actor, place):
        return YES
    return no(_("Only an administrator of the body that leads this place or one above can do it."))


@rule("organisations.edit")
def edit_organisation(actor: Actor, organisation: Organisation) -> Verdict:
    if actor.is_operator:
        return YES
    if actor.is_at_least(Role.ADMINISTRATOR, in_organisation=organisation.pk):
        return YES
    if organisation.kind not in SET_UP_BY_OPERATORS and is_administrator_above(
        actor, organisation.place
    ):
        return YES
    return no(_("Only an administrator of this organisation or of the body above can change it."))


@rule("places.view")
def view_place(actor: Actor, place: Place) -> Verdict:
    return YES


@rule("places.upload")
def upload_places(actor: Actor, place: Place) -> Verdict:
    if place.level:
        return no(_("Places are replaced for a whole country; choose the country."))
    if actor.is_operator or is_administrator_above(actor, place):
        return YES
    return no(_("Only an administrator of the national body can replace the places."))


@rule("tokens.make")
def make_token(actor: Actor, person: Person) -> Verdict:
    return edit_self(actor, person)


@rule("tokens.revoke")
def revoke_token(actor: Actor, token: ApiToken) -> Verdict:
    if token.revoked_at is not None:
        return no(_("This token is revoked already."))
    return YES if token.person_id == actor.person_id else no(_("This token is not yours."))


@rule("notices.read")
def read_notice(actor: Actor, notice: Notice) -> Verdict:
    return YES if notice.person_id == actor.person_id else no(_("This notice is not for you."))
