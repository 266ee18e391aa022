"""A nation whose plan is adopted and amended, for tests of versions and proposals."""

from tansiq.access.actor import Actor
from tansiq.plans.actions.amendments import open_amendment, put_into_force, write_part
from tansiq.plans.actions.freezing import keep_version
from tansiq.plans.queries.versions.content import read
from tests.factories import NOON, TODAY

BY = Actor.system("a test")


def keep(plan, on=TODAY):
    return keep_version(plan, legal_instrument="Decree 1", on=on, by=BY, at=NOON)


def amend(plan, reason="The review found gaps."):
    return open_amendment(plan, reason=reason, by=BY, at=NOON)


def part_of(amendment, kind, at_code):
    """Return a part of the draft by its code."""
    amendment.refresh_from_db()
    return next(one for one in read(amendment.content)[kind] if one["code"] == at_code)


def write(amendment, kind, at_code, **changes):
    """Change a part of the draft."""
    part = part_of(amendment, kind, at_code)
    revision = amendment.revisions.get(f"{kind}/{part['key']}", 0)
    return write_part(amendment, kind, part | changes, revision=revision, by=BY, at=NOON)


def add(amendment, kind, like, **changes):
    """Add a part like another one to the draft."""
    part = part_of(amendment, kind, like) | {"key": ""} | changes
    return write_part(amendment, kind, part, revision=0, by=BY, at=NOON)


def into_force(amendment, on=TODAY, at=NOON):
    return put_into_force(amendment, legal_instrument="Decree 2", on=on, by=BY, at=at)
