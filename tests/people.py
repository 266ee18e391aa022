"""Sign somebody in, as tests of pages need it."""

from tests.factories import MembershipFactory


def sign_in(client, organisation, role="lead", **person):
    """Sign in a new member of the organisation with this role, and return the person."""
    details = {f"person__{name}": value for name, value in person.items()}
    member = MembershipFactory(organisation=organisation, role=role, **details).person
    client.force_login(member)
    return member
