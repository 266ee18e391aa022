"""An adopted plan is frozen: a version of it is kept, and later changes go through an amendment."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.plans.models import Plan, PlanStatus, Version
from tansiq.plans.queries.versions.content import (
    canonical,
    content_of,
    digest_of,
    header_of,
    read,
)
from tansiq.plans.queries.versions.diff import amended, content_fields


class PlanFrozenError(Exception):
    """The plan is adopted; its content changes through an amendment only."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This plan is adopted and cannot be changed directly. Open an amendment, change it "
                "there, and put it into force."
            )
        )


def refuse_if_frozen(plan: Plan | int) -> None:
    """Raise PlanFrozenError if a version of the plan is kept."""
    if Version.objects.filter(plan=plan).exists():
        raise PlanFrozenError


def refuse_frozen_fields(plan: Plan | int, model: type, names: set[str]) -> None:
    """Raise PlanFrozenError if these fields are content of a plan of which a version is kept."""
    # The instrument is kept with the version, not in its content.
    if names & (content_fields(model) | {"legal_instrument"}):
        refuse_if_frozen(plan)


@transaction.atomic
def keep_version(
    plan: Plan,
    *,
    legal_instrument: str,
    on: date | None,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> Version:
    """Keep the plan as its rows stand as the next version; return the latest if nothing changed."""
    latest = plan.versions.order_by("-number").first()
    content = content_of(plan)
    if latest is not None and not amended(read(latest.content), content):
        return latest
    version = Version(
        plan=plan,
        number=latest.number + 1 if latest else 1,
        legal_instrument=legal_instrument,
        in_force_on=on,
        reason=reason,
        kept_at=at,
    )
    version.content = canonical(content | {"version": header_of(version)})
    version.sha256 = digest_of(version.content)
    # The first version changes nothing for anybody.
    version.passed_on_at = at if latest is None else None
    version.save(force_insert=True)
    # The digest stands in the sealed log, too: who changes both the text and its digest is found.
    detail = {"version": version.number, "sha256": version.sha256}
    record(by, "plans.keep_version", plan, at=at, detail=detail)
    return version


def keep_first_versions(*, at: datetime) -> int:
    """Keep version 1 of plans that were adopted before versions were kept; return how many."""
    plans = Plan.objects.filter(versions__isnull=True).exclude(status=PlanStatus.DRAFT)
    kept = 0
    for plan in plans.order_by("pk"):
        by = Actor.system("a plan was adopted before versions were kept")
        keep_version(plan, legal_instrument=plan.legal_instrument, on=plan.adopted_on, by=by, at=at)
        kept += 1
    return kept
