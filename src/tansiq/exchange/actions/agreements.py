"""Agreements about sharing: written, offered, signed by each party, renewed, ended."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor, Role
from tansiq.access.log import record
from tansiq.access.models import Marking, Organisation
from tansiq.access.notices import notify, register
from tansiq.access.queries import people_of
from tansiq.core.editing import save_changes
from tansiq.exchange.models import Agreement, Item, Party

register("exchange.agreement_offered", gettext_lazy("%(by)s asks you to sign: %(title)s."))
register("exchange.agreement_signed", gettext_lazy("%(by)s signed: %(title)s."))
register(
    "exchange.agreement_ended", gettext_lazy("An agreement ended: %(title)s. Reason: %(reason)s")
)
register(
    "exchange.agreement_review",
    gettext_lazy("This agreement is to be reviewed by %(review_on)s: %(title)s."),
)

# Parties are told so long before the day of the review, and again each month once it is over.
REVIEW_AHEAD: Final = timedelta(days=30)


class AgreementError(Exception):
    """The step makes no sense now; the message says why, and nothing was changed."""


@dataclass(frozen=True)
class Terms:
    """What an agreement says."""

    title: str
    purpose: str
    language: str
    legal_basis: str
    data_kinds: str
    markings: Sequence[str]
    channels: Sequence[str]
    complaints: str
    review_on: date
    retention_days: int = 180
    marking: str = Marking.AMBER
    is_binding: bool = False
    legal_url: str = ""
    complaints_url: str = ""
    roles: str = ""
    ends_on: date | None = None


@transaction.atomic
def write_agreement(owner: Organisation, terms: Terms, *, by: Actor, at: datetime) -> Agreement:
    """Begin an agreement; nobody else sees it before it is offered. The owner is a party."""
    agreement: Agreement = Agreement.objects.create(owner=owner, changed_at=at, **_fields(terms))
    Party.objects.create(agreement=agreement, organisation=owner)
    record(by, "exchange.agreement_write", agreement, at=at)
    return agreement


@transaction.atomic
def change_agreement(
    agreement: Agreement, terms: Terms, *, revision: int, by: Actor, at: datetime
) -> None:
    """Change a draft. Raises AgreementError once it is offered, and ChangedMeanwhileError."""
    _locked_draft(agreement)
    save_changes(agreement, _fields(terms), revision=revision, at=at)
    record(by, "exchange.agreement_edit", agreement, at=at)


def _fields(terms: Terms) -> dict[str, object]:
    return asdict(terms) | {"markings": list(terms.markings), "channels": list(terms.channels)}


@transaction.atomic
def add_party(agreement: Agreement, organisation: Organisation, *, by: Actor, at: datetime) -> None:
    _locked_draft(agreement)
    Party.objects.get_or_create(agreement=agreement, organisation=organisation)
    record(by, "exchange.agreement_edit", agreement, at=at, detail={"party": organisation.pk})


@transaction.atomic
def remove_party(party: Party, *, by: Actor, at: datetime) -> None:
    """Leave a party out of a draft. Raises AgreementError: the owner is always one."""
    _locked_draft(party.agreement)
    if party.organisation_id == party.agreement.owner_id:
        raise AgreementError(_("The organisation that writes the agreement is a party to it."))
    detail = {"party": party.organisation_id, "is_out": True}
    record(by, "exchange.agreement_edit", party.agreement, at=at, detail=detail)
    party.delete()


@transaction.atomic
def offer_agreement(agreement: Agreement, *, by: Actor, at: datetime) -> None:
    """Lay it before its parties for signing. Raises AgreementError without another party."""
    _locked_draft(agreement)
    if agreement.parties.count() < 2:  # noqa: PLR2004 -- nobody agrees alone
        raise AgreementError(_("Name at least one other party before you offer it."))
    agreement.offered_at = at
    agreement.save(update_fields=["offered_at"])
    record(by, "exchange.agreement_offer", agreement, at=at)
    others = agreement.parties.exclude(organisation=agreement.owner_id)
    facts = {"by": str(agreement.owner), "title": agreement.title}
    _tell(agreement, "exchange.agreement_offered", _bodies(others), facts, at=at)


@transaction.atomic
def sign_agreement(party: Party, *, signed_as: str, by: Actor, at: datetime) -> None:
    """Sign for one party, in an office. It is in force once the owner and another have signed.

    Raises AgreementError when it was signed meanwhile, or is not open for signing.
    """
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=party.agreement_id)
    if agreement.is_draft or agreement.ended_at is not None:
        raise AgreementError(_("This agreement is not open for signing."))
    changed = Party.objects.filter(pk=party.pk, signed_at__isnull=True).update(
        signed_at=at, signed_by=by.person_id, signed_as=signed_as
    )
    if not changed:
        raise AgreementError(_("This organisation has signed."))
    party.refresh_from_db()
    record(by, "exchange.agreement_sign", agreement, at=at, detail={"party": party.organisation_id})
    _put_into_force(agreement, at=at)
    others = agreement.parties.signed().exclude(organisation=party.organisation_id)
    told = {*_bodies(others), agreement.owner_id} - {party.organisation_id}
    facts = {"by": str(party.organisation), "title": agreement.title}
    _tell(agreement, "exchange.agreement_signed", told, facts, at=at)


def _put_into_force(agreement: Agreement, *, at: datetime) -> None:
    signed = set(_bodies(agreement.parties.signed()))
    if agreement.in_force_at is None and agreement.owner_id in signed and len(signed) > 1:
        agreement.in_force_at = at
        agreement.published_at = at if agreement.marking == Marking.CLEAR else None
        agreement.save(update_fields=["in_force_at", "published_at"])
    before = agreement.previous
    if agreement.in_force_at is None or before is None or before.ended_at is not None:
        return
    # Who has not signed the new version is still held by the one before.
    if set(_bodies(before.parties.signed())) <= signed:
        before.ended_at, before.end_reason = at, _("All its parties signed a new version.")
        before.save(update_fields=["ended_at", "end_reason"])


@transaction.atomic
def amend_agreement(agreement: Agreement, *, by: Actor, at: datetime) -> Agreement:
    """Begin a new version with the same words and parties; this one holds until they sign."""
    if agreement.is_draft:
        raise AgreementError(_("This is a draft: change it as it stands."))
    same = {name: getattr(agreement, name) for name in Terms.__dataclass_fields__}
    newer: Agreement = Agreement.objects.create(
        owner=agreement.owner,
        previous=agreement,
        version=agreement.version + 1,
        changed_at=at,
        **same,
    )
    parties = agreement.parties.order_by("pk").values_list("organisation", flat=True)
    Party.objects.bulk_create(Party(agreement=newer, organisation_id=pk) for pk in parties)
    record(by, "exchange.agreement_amend", newer, at=at, detail={"previous": agreement.pk})
    return newer


@transaction.atomic
def end_agreement(agreement: Agreement, *, reason: str, by: Actor, at: datetime) -> None:
    """End it for all its parties, who are told why."""
    ended = Agreement.objects.filter(pk=agreement.pk, ended_at__isnull=True).update(
        ended_at=at, end_reason=reason
    )
    if not ended:
        raise AgreementError(_("This agreement has ended already."))
    agreement.refresh_from_db()
    record(by, "exchange.agreement_end", agreement, at=at)
    others = agreement.parties.exclude(organisation=agreement.owner_id)
    facts = {"title": agreement.title, "reason": reason}
    _tell(agreement, "exchange.agreement_ended", _bodies(others), facts, at=at)


@transaction.atomic
def choose_agreement(item: Item, agreement: Agreement | None, *, by: Actor, at: datetime) -> None:
    """Say under which agreement a draft goes. Raises AgreementError once it is sent."""
    current = Item.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if not current.is_draft:
        raise AgreementError(_("This was sent meanwhile. What was sent stays as it is."))
    item.agreement = agreement
    item.save(update_fields=["agreement"])
    detail = {"agreement": agreement.pk if agreement else None}
    record(by, "exchange.agreement_choose", item, at=at, detail=detail)


def remind_of_reviews(*, at: datetime) -> int:
    """Tell the parties of agreements whose review is near or over; return of how many."""
    day = at.date()
    due = (
        Agreement.objects.standing(day)
        .filter(in_force_at__isnull=False, review_on__lte=day + REVIEW_AHEAD)
        .filter(Q(reminded_on__isnull=True) | Q(reminded_on__lte=day - REVIEW_AHEAD))
    )
    told = 0
    for agreement in due.select_related("owner").order_by("pk"):
        with transaction.atomic():
            agreement.reminded_on = day
            agreement.save(update_fields=["reminded_on"])
            facts = {"title": agreement.title, "review_on": agreement.review_on.isoformat()}
            bodies = _bodies(agreement.parties.signed())
            _tell(agreement, "exchange.agreement_review", bodies, facts, at=at)
        told += 1
    return told


def _bodies(parties: Iterable[Party]) -> list[int]:
    return [one.organisation_id for one in parties]


def _tell(
    agreement: Agreement,
    code: str,
    organisations: Iterable[int],
    facts: dict[str, str],
    *,
    at: datetime,
) -> None:
    people = people_of(list(organisations), at=at, least=Role.COORDINATOR)
    notify(people, code, agreement, url=agreement.get_absolute_url(), facts=facts, at=at)


def _locked_draft(agreement: Agreement) -> None:
    current = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    if not current.is_draft:
        raise AgreementError(
            _("This was offered to its parties and stays as it is. Write a new version.")
        )
