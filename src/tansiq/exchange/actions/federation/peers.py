"""Introducing another platform, trusting it, saying what may go there, and ending it."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.log import record
from tansiq.access.models import Organisation
from tansiq.access.queries import people_of
from tansiq.core.editing import save_changes
from tansiq.exchange.actions.federation.packing import begin_anew
from tansiq.exchange.actions.items import ExchangeError
from tansiq.exchange.federation import keys
from tansiq.exchange.federation.keys import Key
from tansiq.exchange.models import (
    Item,
    Outbound,
    OutboundState,
    Passage,
    Peer,
    PeerBody,
    PeerState,
)


@dataclass(frozen=True)
class Terms:
    """What goes between the two platforms, and how."""

    name: str
    address: str = ""
    is_fetched: bool = False
    markings: list[str] = field(default_factory=lambda: ["clear", "green", "amber"])
    kinds: list[str] = field(default_factory=list)
    is_hub_wide_shared: bool = False
    is_sending: bool = True
    is_taking: bool = True


@transaction.atomic
def introduce(
    keeper: Organisation, public_key: str, terms: Terms, *, ours: Key, by: Actor, at: datetime
) -> Peer:
    """Write another platform down; nothing goes there before it is trusted.

    Raises ExchangeError when its key is our own, or known already.
    """
    fingerprint = keys.fingerprint_of(public_key)
    if fingerprint == ours.fingerprint:
        raise ExchangeError(_("This is the key of your own platform. Ask the others for theirs."))
    before = Peer.objects.filter(fingerprint=fingerprint)
    if before.exclude(state=PeerState.ENDED).exists():
        raise ExchangeError(_("This platform is in the list already."))
    values = {
        "keeper": keeper,
        "state": PeerState.NEW,
        "public_key": public_key,
        "our_fingerprint": ours.fingerprint,
        "introduced_at": at,
        "changed_at": at,
        **vars(terms),
    }
    peer, _is_new = Peer.objects.update_or_create(fingerprint=fingerprint, defaults=values)
    record(by, "exchange.introduce", peer, at=at, detail={"fingerprint": fingerprint})
    return peer


def change_terms(peer: Peer, terms: Terms, *, revision: int, by: Actor, at: datetime) -> None:
    """Change what goes there and how. Raises ChangedMeanwhileError."""
    with transaction.atomic():
        save_changes(peer, vars(terms), revision=revision, at=at)
        Passage.objects.filter(peer=peer, is_incoming=False).update(is_dirty=True)
        record(by, "exchange.connect", peer, at=at, detail={"markings": terms.markings})


@transaction.atomic
def trust(peer: Peer, *, by: Actor, at: datetime) -> None:
    """Say that two people have compared the digits; from now on bundles go and come."""
    if peer.is_ended:
        raise ExchangeError(_("This connection was ended. Introduce the platform anew."))
    peer.state, peer.trusted_at = PeerState.TRUSTED, peer.trusted_at or at
    peer.save(update_fields=["state", "trusted_at"])
    record(by, "exchange.trust", peer, at=at, detail={"fingerprint": peer.fingerprint})


@transaction.atomic
def pause(peer: Peer, *, by: Actor, at: datetime) -> None:
    """Let nothing go or come until somebody says otherwise; what waits stays waiting."""
    if not peer.is_open:
        raise ExchangeError(_("Only a connection that works can be paused."))
    peer.state = PeerState.PAUSED
    peer.save(update_fields=["state"])
    record(by, "exchange.pause", peer, at=at)


@transaction.atomic
def end(peer: Peer, *, by: Actor, at: datetime) -> None:
    """End the connection for good; what waits is deleted, what has come stays by its own rules."""
    begin_anew(peer, by=by, at=at)
    peer.refresh_from_db()
    peer.state = PeerState.ENDED
    peer.save(update_fields=["state"])
    PeerBody.objects.filter(peer=peer).delete()
    waiting = Outbound.objects.filter(peer=peer, state=OutboundState.WAITING)
    waiting.update(state=OutboundState.DROPPED, content=b"")
    record(by, "exchange.disconnect", peer, at=at)


@transaction.atomic
def add_body(
    peer: Peer, organisation: Organisation, *, slug: str, country: str, by: Actor, at: datetime
) -> PeerBody:
    """Say that this organisation lives there, under this short name.

    Raises ExchangeError when people sign in for it here, or when it lives elsewhere already.
    """
    if people_of([organisation.pk], at=at, least=Role.VIEWER).exists():
        raise ExchangeError(
            _("People sign in for %(name)s here. It cannot live on another platform as well.")
            % {"name": organisation}
        )
    if PeerBody.objects.filter(organisation=organisation).exists():
        raise ExchangeError(_("This organisation stands for a body of a platform already."))
    if PeerBody.objects.filter(peer=peer, slug=slug, country=country).exists():
        raise ExchangeError(_("Another organisation stands for this body already."))
    if Item.objects.drafts().filter(owner=organisation).exists():
        raise ExchangeError(_("This organisation has drafts here. Send or delete them first."))
    body = PeerBody.objects.create(peer=peer, organisation=organisation, slug=slug, country=country)
    detail = {"organisation": organisation.pk, "slug": slug}
    record(by, "exchange.connect", peer, at=at, detail=detail)
    return body


@transaction.atomic
def remove_body(body: PeerBody, *, by: Actor, at: datetime) -> None:
    """Say that this organisation does not live there any more; what came from it stays."""
    body.delete()
    detail = {"organisation": body.organisation_id, "removed": True}
    record(by, "exchange.connect", body.peer, at=at, detail=detail)


def note_meeting(peer: Peer, *, problem: str, at: datetime) -> None:
    """Keep when the line to this peer last worked, or what went wrong."""
    news = {"problem": problem[:300]} if problem else {"problem": "", "met_at": at}
    Peer.objects.filter(pk=peer.pk).update(**news)
