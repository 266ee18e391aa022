"""What the pages of other platforms show: connections, what waits, what was refused."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Membership, Organisation
from tansiq.exchange.models import (
    Inbound,
    Outbound,
    OutboundState,
    Passage,
    Peer,
    PeerBody,
    Reason,
    Refusal,
)

_SHOWN = 10


@dataclass(frozen=True)
class PeerNow:
    """How it stands with one platform today."""

    waiting: int
    unpacked: int
    gone: int
    came: int
    outbound: list[Outbound]
    inbound: list[Inbound]
    refusals: list[Refusal]
    kept_back: list[tuple[str, int]]


def listed(peers: QuerySet[Peer]) -> list[Peer]:
    waits = Count("outbound", filter=Q(outbound__state=OutboundState.WAITING))
    return list(peers.select_related("keeper").annotate(waits=waits).order_by("name", "pk"))


def keepers(actor: Actor) -> QuerySet[Organisation]:
    """Return the organisations for which this actor can begin a connection."""
    active = Organisation.objects.visible_to(actor).filter(is_active=True, lives_at__isnull=True)
    if not actor.is_operator:
        active = active.filter(pk__in=actor.organisations_as(Role.LEAD))
    found: QuerySet[Organisation] = active.order_by("name", "pk")
    return found


def free_bodies(actor: Actor) -> QuerySet[Organisation]:
    """Return organisations without members that live on no other platform yet."""
    members = Membership.objects.filter(organisation=OuterRef("pk"))
    seen = Organisation.objects.visible_to(actor).filter(is_active=True, lives_at__isnull=True)
    found: QuerySet[Organisation] = seen.exclude(Exists(members)).order_by("name", "pk")
    return found


def bodies_of(peer: Peer) -> list[PeerBody]:
    bodies = PeerBody.objects.filter(peer=peer).select_related("organisation")
    return list(bodies.order_by("organisation__name", "pk"))


def state_of(peer: Peer) -> PeerNow:
    outbound = Outbound.objects.filter(peer=peer).defer("content").order_by("-pk")
    inbound = Inbound.objects.filter(peer=peer).order_by("-pk")
    passages = Passage.objects.filter(peer=peer)
    held: Any = passages.exclude(kept_back="").values_list("kept_back").annotate(number=Count("pk"))
    return PeerNow(
        waiting=outbound.filter(state=OutboundState.WAITING).count(),
        unpacked=passages.filter(is_dirty=True).count(),
        gone=passages.outgoing().filter(carried_at__isnull=False).count(),
        came=passages.incoming().count(),
        outbound=list(outbound[:_SHOWN]),
        inbound=list(inbound[:_SHOWN]),
        refusals=list(Refusal.objects.filter(peer=peer).order_by("-latest_at")[:_SHOWN]),
        kept_back=[(str(Reason(why).label), number) for why, number in held.order_by("kept_back")],
    )


def strangers(actor: Actor) -> list[Refusal]:
    """Return what strangers tried lately; for operators alone."""
    if not actor.is_operator:
        return []
    return list(Refusal.objects.filter(peer__isnull=True).order_by("-latest_at")[:_SHOWN])
