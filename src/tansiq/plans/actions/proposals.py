"""What places propose to change in the national plan, and what becomes of it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Organisation
from tansiq.core.editing import save_changes
from tansiq.plans.models import Amendment, Contribution, Proposal, ProposalStatus, Support
from tansiq.plans.models.proposals import ANSWERS, TAKEN
from tansiq.plans.notices_proposals import (
    tell_nation,
    tell_of_support,
    tell_proposer,
    tell_supporters,
)
from tansiq.plans.queries.versions.content import find, read

A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)


class ProposalError(Exception):
    """The step makes no sense now; the message says why."""


@transaction.atomic
def write_proposal(proposal: Proposal, *, by: Actor, at: datetime) -> Proposal:
    """Keep a new proposal as a draft that only its own organisation reads."""
    proposal.status, proposal.changed_at = ProposalStatus.DRAFT, at
    proposal.save(force_insert=True)
    record(by, "plans.propose", proposal, at=at)
    return proposal


@transaction.atomic
def edit_proposal(
    proposal: Proposal, changes: dict[str, Any], *, revision: int, by: Actor, at: datetime
) -> None:
    """Change a draft. Raises ChangedMeanwhileError, and ProposalError once it was sent."""
    if not _locked(proposal).is_draft:
        raise ProposalError(_("This proposal was sent already."))
    save_changes(proposal, changes, revision=revision, at=at)
    record(by, "plans.proposal_edit", proposal, at=at, detail={"fields": sorted(changes)})


@transaction.atomic
def send_proposal(proposal: Proposal, *, by: Actor, at: datetime) -> None:
    """Send it to who owns the plan, who reads it under every marking and owes an answer.

    Raises ProposalError if it was sent already.
    """
    current = _locked(proposal)
    if not current.is_draft:
        raise ProposalError(_("This proposal was sent already."))
    current.status, current.sent_at, current.changed_at = ProposalStatus.SENT, at, at
    current.answer_due_on = at.date() + timedelta(days=current.plan.answer_days)
    current.save(update_fields=["status", "sent_at", "answer_due_on", "changed_at"])
    current.named_organisations.add(current.plan.owner_id)
    record(by, "plans.proposal_send", current, at=at)
    tell_nation(current, "plans.proposal_sent", at=at)
    proposal.refresh_from_db()


@transaction.atomic
def withdraw_proposal(proposal: Proposal, *, by: Actor, at: datetime) -> None:
    """Take a proposal back before it is answered. Raises ProposalError."""
    current = _locked(proposal)
    if not (current.is_open or current.is_draft):
        raise ProposalError(_("Only a proposal without an answer can be withdrawn."))
    was_sent = current.is_open
    current.status, current.merged_into, current.changed_at = ProposalStatus.WITHDRAWN, None, at
    current.save(update_fields=["status", "merged_into", "changed_at"])
    # Those put together with it wait for an answer of their own again.
    current.merged.update(merged_into=None)
    record(by, "plans.proposal_withdraw", current, at=at)
    if was_sent:
        tell_nation(current, "plans.proposal_withdrawn", at=at)
    proposal.refresh_from_db()


@transaction.atomic
def support_proposal(proposal: Proposal, body: Organisation, *, by: Actor, at: datetime) -> Support:
    """Say for a body of the same level that it wants the same; once. Raises ProposalError."""
    current = _locked(proposal)
    if not current.is_open:
        raise ProposalError(_("Only a proposal that waits for its answer can be supported."))
    support, made = Support.objects.get_or_create(
        proposal=current, organisation=body, defaults={"at": at}
    )
    if made:
        record(by, "plans.proposal_support", current, at=at, detail={"body": body.pk})
        tell_of_support(current, body, by=by, at=at)
    return support


@transaction.atomic
def end_support(proposal: Proposal, body: Organisation, *, by: Actor, at: datetime) -> None:
    """Take the support of a body back."""
    if Support.objects.filter(proposal=proposal, organisation=body).delete()[0]:
        detail = {"body": body.pk, "ends": True}
        record(by, "plans.proposal_support", proposal, at=at, detail=detail)


@transaction.atomic
def consider_proposal(proposal: Proposal, *, by: Actor, at: datetime) -> None:
    """Say that the national level has read it and works on it. Raises ProposalError."""
    current = _locked(proposal)
    if current.status != ProposalStatus.SENT:
        raise ProposalError(_("Only a proposal that was just sent can be taken up."))
    current.status, current.changed_at = ProposalStatus.CONSIDERED, at
    current.save(update_fields=["status", "changed_at"])
    record(by, "plans.proposal_consider", current, at=at)
    tell_proposer(current, "plans.proposal_considered", at=at)
    proposal.refresh_from_db()


@transaction.atomic
def merge_proposals(main: Proposal, others: Iterable[Proposal], *, by: Actor, at: datetime) -> int:
    """Put similar open proposals of one plan together with this one: they get its answer.

    What was put together with one of the others comes along. Returns how many were joined.
    Raises ProposalError if this one is itself part of another, or no longer open.
    """
    current = _locked(main)
    if not current.is_open or current.merged_into_id is not None:
        raise ProposalError(_("Only a proposal that waits for its own answer can take others in."))
    wanted = [one.pk for one in others if one.pk != current.pk]
    rows = Proposal.objects.filter(Q(pk__in=wanted) | Q(merged_into__in=wanted))
    joined = rows.filter(plan=current.plan_id, status__in=("sent", "considered"))
    pks = list(joined.exclude(pk=current.pk).values_list("pk", flat=True))
    Proposal.objects.filter(pk__in=pks).update(merged_into=current, changed_at=at)
    record(by, "plans.proposal_merge", current, at=at, detail={"proposals": sorted(pks)})
    return len(pks)


@transaction.atomic
def unmerge_proposal(proposal: Proposal, *, by: Actor, at: datetime) -> None:
    """Let a proposal have an answer of its own again. Raises ProposalError."""
    current = _locked(proposal)
    if not current.is_open:
        raise ProposalError(_("It was answered already."))
    current.merged_into, current.changed_at = None, at
    current.save(update_fields=["merged_into", "changed_at"])
    record(by, "plans.proposal_merge", current, at=at, detail={"ends": True})


@transaction.atomic
def answer_proposal(
    proposal: Proposal, *, status: str, answer: str, by: Actor, at: datetime
) -> int:
    """Answer a proposal and all that were put together with it; return how many.

    Raises ProposalError without a reason, or when it is not open.
    """
    if status not in ANSWERS:
        raise ProposalError(_("Choose accepted, accepted in part or declined."))
    if not answer.strip():
        raise ProposalError(_("Give the reason; the place reads it."))
    main = _locked(proposal)
    if not main.is_open or main.merged_into_id is not None:
        raise ProposalError(_("Only a proposal that waits for its answer can be answered."))
    answered = [main, *_all_merged(main)]
    for one in answered:
        one.status, one.answer, one.answered_at = status, answer.strip(), at
        one.changed_at = at
        one.save(update_fields=["status", "answer", "answered_at", "changed_at"])
        record(by, "plans.proposal_answer", one, at=at, detail={"status": status})
        tell_proposer(one, "plans.proposal_answered", at=at)
        tell_supporters(one, at=at)
    proposal.refresh_from_db()
    return len(answered)


@transaction.atomic
def link_proposal(
    proposal: Proposal, amendment: Amendment, kind: str, key: str, *, by: Actor, at: datetime
) -> None:
    """Say which part of the next version an accepted proposal changed, and those merged with it.

    Raises ProposalError if it was not accepted, or the draft has no such part.
    """
    current = _locked(proposal)
    if current.status not in TAKEN:
        raise ProposalError(
            _("Only a proposal that was accepted can be linked to what it changed.")
        )
    draft = Amendment.objects.select_related("base").get(pk=amendment.pk)
    base, content = read(draft.base.content), read(draft.content)
    if not (draft.is_open and (find(content, kind, key) or find(base, kind, key))):
        raise ProposalError(_("The draft has no such part any more."))
    for one in [current, *_all_merged(current)]:
        Contribution.objects.get_or_create(proposal=one, amendment=draft, kind=kind, key=key)
    detail = {"version": draft.number, "kind": kind, "key": key}
    record(by, "plans.proposal_link", current, at=at, detail=detail)


@transaction.atomic
def unlink_proposal(contribution: Contribution, *, by: Actor, at: datetime) -> None:
    """Take a link back while the amendment is drafted. Raises ProposalError."""
    if not contribution.amendment.is_open:
        raise ProposalError(_("That version is in force; what changed it stays on record."))
    record(by, "plans.proposal_link", contribution.proposal, at=at, detail={"ends": True})
    contribution.delete()


@transaction.atomic
def remind_of_proposal(proposal: Proposal, *, by: Actor, at: datetime) -> None:
    """Remind the national level of the answer it owes.

    Raises ProposalError when none is owed, or within a day of the last reminder.
    """
    current = _locked(proposal)
    if not current.is_open:
        raise ProposalError(_("No answer is owed on this proposal."))
    if current.reminded_at is not None and at - current.reminded_at < A_DAY:
        raise ProposalError(_("A reminder went out less than a day ago."))
    current.reminded_at = at
    current.save(update_fields=["reminded_at"])
    record(by, "plans.proposal_remind", current, at=at)
    is_late = current.answer_is_late_on(at.date())
    code = "plans.proposal_overdue" if is_late else "plans.proposal_wanted"
    tell_nation(current, code, at=at)


def remind_of_late_proposals(*, at: datetime) -> int:
    """Remind the national level of answers that are late, once a week; return how many."""
    late = Proposal.objects.late_on(at.date()).filter(
        Q(reminded_at__isnull=True) | Q(reminded_at__lte=at - A_WEEK)
    )
    reminded = 0
    for proposal in late.order_by("pk"):
        remind_of_proposal(proposal, by=Actor.system("a day came"), at=at)
        reminded += 1
    return reminded


def tell_of_effect(amendment: Amendment, *, at: datetime) -> int:
    """Tell the proposers that their proposals changed the plan; return how many were told."""
    version = amendment.version
    if version is None:
        return 0
    content = read(version.content)
    before = read(amendment.base.content)
    rows = amendment.contributions.select_related("proposal__plan__country", "proposal__place")
    parts: dict[int, list[str]] = {}
    proposals = {}
    for one in rows.order_by("pk"):
        part = find(content, one.kind, one.key) or find(before, one.kind, one.key)
        if part is not None:
            words = f"{part.get('code', '')} {part['title']}".strip()
            parts.setdefault(one.proposal_id, []).append(words)
            proposals[one.proposal_id] = one.proposal
    for pk, names in parts.items():
        facts = {"number": version.number, "part": ", ".join(names)}
        tell_proposer(proposals[pk], "plans.proposal_in_force", at=at, **facts)
    return len(parts)


def _all_merged(proposal: Proposal) -> list[Proposal]:
    rows = proposal.merged.select_related("plan__country", "place", "owner")
    return list(rows.order_by("pk"))


def _locked(proposal: Proposal) -> Proposal:
    return (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("plan__country", "place", "owner")
        .get(pk=proposal.pk)
    )
