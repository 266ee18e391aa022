"""The question most rules end in."""

from tansiq.access.actor import Actor, Role
from tansiq.access.verdict import YES, Verdict, no


def needs(actor: Actor, role: Role, organisation_id: int | None, reason: str) -> Verdict:
    """Say yes to whoever has this role, or a higher one, in the organisation."""
    return YES if actor.is_at_least(role, in_organisation=organisation_id) else no(reason)
