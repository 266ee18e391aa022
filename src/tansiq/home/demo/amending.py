"""A country of the demo changes its adopted plan, and tells its places what that means."""

from datetime import datetime
from typing import Any

from tansiq.access.actor import Actor
from tansiq.plans.actions.amendments import (
    open_amendment,
    put_into_force,
    write_part,
)
from tansiq.plans.actions.consequences import pass_on
from tansiq.plans.models import Amendment, Plan, Version
from tansiq.plans.queries.versions.content import as_kept, read


def amend_one(
    plan: Plan,
    code: str,
    changes: dict[str, Any],
    *,
    words: dict[str, str],
    by: Actor,
    at: datetime,
) -> Version:
    """Change one action of an adopted plan by an amendment of its own."""
    amendment = open_amendment(plan, reason=words["reason"], by=by, at=at)
    write_action(amendment, code, changes, by=by, at=at)
    instrument = words["instrument"]
    version = put_into_force(amendment, legal_instrument=instrument, on=at.date(), by=by, at=at)
    pass_on(version, at=at)
    return version


def write_action(
    amendment: Amendment, code: str, changes: dict[str, Any], *, by: Actor, at: datetime
) -> str:
    """Write changes of one action into the draft; return its key."""
    amendment.refresh_from_db()
    parts = read(amendment.content)["actions"]
    part = next(one for one in parts if one["code"] == code)
    revision = amendment.revisions.get(f"actions/{part['key']}", 0)
    kept = {name: as_kept(value) for name, value in changes.items()}
    return str(
        write_part(amendment, "actions", part | kept, revision=revision, by=by, at=at)["key"]
    )
