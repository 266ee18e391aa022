"""Changing an adopted plan: open an amendment, write in it, put it into force as a version."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.core.editing import save_changes
from tansiq.plans.actions.applying import AmendmentError, Applying, refuse_unsound
from tansiq.plans.actions.freezing import keep_version
from tansiq.plans.models import Amendment, AmendmentStatus, Contribution, Plan, Version
from tansiq.plans.queries.versions.content import (
    BY_NAME,
    Content,
    Part,
    canonical,
    content_of,
    drop,
    find,
    is_intact,
    new_key,
    put,
    read,
    restore,
)
from tansiq.plans.queries.versions.diff import amended


class PartChangedError(Exception):
    """Somebody else saved this part of the draft meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody else changed this while you were writing. Your text is kept below; "
                "compare the two and save again."
            )
        )


@transaction.atomic
def open_amendment(plan: Plan, *, reason: str, by: Actor, at: datetime) -> Amendment:
    """Begin the next version of an adopted plan, as the version in force stands.

    Raises AmendmentError while another amendment is open, or before the plan is adopted.
    """
    latest = plan.versions.order_by("-number").first()
    if latest is None:
        raise AmendmentError(_("This plan is not adopted yet. Change it directly."))
    content = content_of(plan)
    amendment = Amendment(
        plan=plan, base=latest, reason=reason, content=canonical(content), opened_at=at
    )
    amendment.changed_at = at
    try:
        with transaction.atomic():
            amendment.save(force_insert=True)
    except IntegrityError as problem:
        raise AmendmentError(
            _("An amendment of this plan is open already. Write in that one.")
        ) from problem
    record(by, "plans.amend", plan, at=at, detail={"version": amendment.number})
    return amendment


@transaction.atomic
def edit_reason(
    amendment: Amendment, reason: str, *, revision: int, by: Actor, at: datetime
) -> None:
    """Say why the plan is changed. Raises ChangedMeanwhileError, AmendmentError."""
    _open_one(amendment)
    save_changes(amendment, {"reason": reason}, revision=revision, at=at)
    record(by, "plans.amend_reason", amendment, at=at)


@transaction.atomic
def write_part(
    amendment: Amendment, kind: str, part: Part, *, revision: int, by: Actor, at: datetime
) -> Part:
    """Write a part into the draft; one without a key is new. Returns it with its key.

    `revision` is how often it had been saved when its form was opened. Raises PartChangedError
    if it was saved since, AmendmentError when the draft is closed or the part was dropped.
    """
    current = _open_one(amendment)
    content = read(current.content)
    key = part.get("key", "")
    is_new = not key
    if is_new:
        part = part | {"key": new_key(content)}
    elif kind != "plan" and find(content, kind, key) is None:
        raise AmendmentError(_("This was dropped from the draft meanwhile. Restore it first."))
    elif revision_of(current, kind, key) != revision:
        raise PartChangedError
    before = canonical(content)
    content = put(content, kind, part)
    if canonical(content) != before:
        _save(current, content, kind, str(part.get("key", "plan")), at=at)
        detail = {"kind": kind, "key": part.get("key", "plan"), "is_new": is_new}
        record(by, "plans.amend_part", current, at=at, detail=detail)
    return part


@transaction.atomic
def drop_part(amendment: Amendment, kind: str, key: str, *, by: Actor, at: datetime) -> None:
    """Leave a part, and all below it, out of the next version. It can be restored."""
    current = _open_one(amendment)
    _save(current, drop(read(current.content), kind, key), kind, key, at=at)
    record(by, "plans.amend_drop", current, at=at, detail={"kind": kind, "key": key})


@transaction.atomic
def restore_part(amendment: Amendment, kind: str, key: str, *, by: Actor, at: datetime) -> None:
    """Take back what the draft changed of one part: it stands as in the version in force.

    A part that the draft added goes.
    """
    current = _open_one(amendment)
    content, base = read(current.content), base_of(current)
    if find(base, kind, key) is None:
        content = drop(content, kind, key)
    else:
        content = restore(content, base, kind, key)
    _save(current, content, kind, key, at=at)
    record(by, "plans.amend_restore", current, at=at, detail={"kind": kind, "key": key})


@transaction.atomic
def discard_amendment(amendment: Amendment, *, by: Actor, at: datetime) -> None:
    """Give the draft up; the plan stays as it is in force. Raises AmendmentError."""
    current = _open_one(amendment)
    current.status, current.changed_at = AmendmentStatus.DISCARDED, at
    current.save(update_fields=["status", "changed_at"])
    record(by, "plans.discard_amendment", current.plan, at=at)


@transaction.atomic
def put_into_force(
    amendment: Amendment, *, legal_instrument: str, on: date, by: Actor, at: datetime
) -> Version:
    """Make the draft the plan in force and keep it as the next version, all or nothing.

    Answers, values and activities stay with the parts they hang on. Raises AmendmentError for a
    draft that changes nothing, is not sound, or names no legal instrument.
    """
    if not legal_instrument.strip():
        raise AmendmentError(
            _("Name the legal instrument (a decree, regulation or resolution) first.")
        )
    current = _open_one(amendment)
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=current.plan_id)
    content = read(current.content)
    if not amended(base_of(current), content):
        raise AmendmentError(_("This amendment changes nothing yet."))
    refuse_unsound(content)
    applying = Applying(plan, base_of(current), content, at=at)
    keys = applying.run(number=current.number)
    version = keep_version(
        plan,
        legal_instrument=legal_instrument.strip(),
        on=on,
        reason=current.reason,
        by=by,
        at=at,
    )
    current.status, current.version = AmendmentStatus.IN_FORCE, version
    current.changed_at = at
    current.save(update_fields=["status", "version", "changed_at"])
    _name_rows(current, keys)
    record(by, "plans.put_into_force", plan, at=at, detail={"version": version.number})
    amendment.refresh_from_db()
    return version


def _name_rows(amendment: Amendment, keys: dict[tuple[str, str], str]) -> None:
    """Let what proposals changed be found under the rows that were made."""
    for one in Contribution.objects.filter(amendment=amendment):
        if (one.kind, one.key) in keys:
            one.key = keys[one.kind, one.key]
            one.save(update_fields=["key"])


def revision_of(amendment: Amendment, kind: str, key: str) -> int:
    """Return how often a part was saved in this draft."""
    revision: int = amendment.revisions.get(f"{kind}/{key}", 0)
    return revision


def base_of(amendment: Amendment) -> Content:
    """Return what is in force. Raises AmendmentError if the kept text was tampered with."""
    if not is_intact(amendment.base):
        raise AmendmentError(
            _("The version in force is not what was kept. Ask the operator to look at the log.")
        )
    return read(amendment.base.content)


def _save(amendment: Amendment, content: Content, kind: str, key: str, *, at: datetime) -> None:
    name = f"{BY_NAME[kind].name}/{key}"
    amendment.revisions = amendment.revisions | {name: revision_of(amendment, kind, key) + 1}
    amendment.content = canonical(content)
    amendment.changed_at = at
    amendment.save(update_fields=["content", "revisions", "changed_at"])


def _open_one(amendment: Amendment) -> Amendment:
    """Return the draft as it stands, locked. Raises AmendmentError if it is closed."""
    current = (
        Amendment.objects.select_for_update(of=("self",))
        .select_related("plan__country", "base")
        .get(pk=amendment.pk)
    )
    if not current.is_open:
        raise AmendmentError(_("This amendment is closed. Open a new one."))
    return current
