"""The line to other platforms: what waits goes there, what waits there is fetched.

Whatever happens on the way (cut, slow, killed on either side), the next attempt asks what the
other side has and goes on from there.
"""

import json
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from tansiq.core.posting import Answer, PostingError, Target, ask
from tansiq.exchange.actions.federation.packing import leave_out_gone, pack, settle
from tansiq.exchange.actions.federation.peers import note_meeting
from tansiq.exchange.actions.federation.taking import refuse, signed_receipt, take
from tansiq.exchange.federation import bundles, calls, keys, parts, records
from tansiq.exchange.federation.errors import BundleError
from tansiq.exchange.federation.keys import Key
from tansiq.exchange.models import Outbound, OutboundState, Peer

logger = logging.getLogger("tansiq.federation")

PART: Final = 512 * 1024
# So many bundles at one visit; the rest goes with the next.
_MOST_AT_ONCE = 20
# Taking a whole bundle is one transaction, and a busy side may let it wait.
_PATIENCE = 60.0
_LARGEST_ANSWER = 2 * 1024 * 1024
_TAKEN, _HERE, _NOTHING, _ELSEWHERE, _REFUSED = 200, 202, 204, 409, 422


class LineError(Exception):
    """The other side was not reached or refused; the text says why."""


def own_keys() -> list[Key]:
    """Return the keys of this platform, the present one first; made at first use."""
    return keys.load_all(Path(settings.DATA_DIR))


def folder() -> Path:
    """Return where parts of bundles are kept until they are whole."""
    return Path(settings.DATA_DIR) / "federation"


def push_all(*, at: datetime) -> int:
    """Visit each peer with an address; return how many bundles went or came."""
    peers = Peer.objects.open().exclude(address="").order_by("pk")
    return sum(visit(peer, at=at) for peer in peers)


def visit(peer: Peer, *, at: datetime) -> int:
    """Bring what waits and fetch what waits there, if they cannot reach us."""
    moved, problem = attempt(peer, push, at=at)
    if peer.is_fetched and not problem:
        moved += attempt(peer, pull, at=at)[0]
    return moved


def attempt(peer: Peer, how: Callable[..., int], *, at: datetime) -> tuple[int, str]:
    """Push or pull; return how many bundles moved, and what went wrong. Both stay with the peer."""
    try:
        moved = how(peer, own_keys(), at=at)
    except (LineError, BundleError, PostingError) as problem:
        note_meeting(peer, problem=str(problem), at=at)
        logger.warning("Platform %s: %s", peer.pk, problem)
        return 0, str(problem)
    note_meeting(peer, problem="", at=at)
    return moved, ""


def push(peer: Peer, own: Sequence[Key], *, at: datetime) -> int:
    """Bring bundles, one after another, until nothing is left. Raises LineError."""
    brought = 0
    while brought < _MOST_AT_ONCE:
        bundle = next_for(peer, at=at)
        if bundle is None:
            break
        _bring(peer, bundle, own, at=at)
        brought += 1
    return brought


def pull(peer: Peer, own: Sequence[Key], *, at: datetime) -> int:
    """Fetch what waits for us there, take it and say so. Raises LineError."""
    fetched = 0
    while fetched < _MOST_AT_ONCE:
        content = _fetch(peer, own, at=at)
        if not content:
            break
        try:
            opened = bundles.open_bundle(content, most=settings.FEDERATION_LIMIT)
            taken = take(opened, own, at=at)
        except BundleError as problem:
            refuse(problem, peer, at=at)
            raise
        receipt = signed_receipt(taken.inbound, own)
        answer = _call(peer, "POST", reverse("exchange:waiting"), own, body=receipt, at=at)
        if answer.status != _NOTHING:
            raise LineError(_said(answer))
        fetched += 1
    return fetched


def first_waiting(peer: Peer) -> Outbound | None:
    """Return the oldest bundle that the other side has not taken yet."""
    waiting = Outbound.objects.filter(peer=peer, state=OutboundState.WAITING)
    return waiting.order_by("sequence").first()


def next_for(peer: Peer, *, at: datetime) -> Outbound | None:
    """Return the oldest bundle that waits, or a new one; None when there is nothing to tell."""
    leave_out_gone(peer, at=at)
    return first_waiting(peer) or pack(peer, own_keys(), at=at)


def _bring(peer: Peer, bundle: Outbound, own: Sequence[Key], *, at: datetime) -> None:
    content = bytes(bundle.content)
    path = reverse("exchange:incoming", args=[bundle.chain, bundle.sequence, bundle.digest])
    answer = _call(peer, "GET", path, own, at=at)
    steps = 0
    while answer.status in {_HERE, _ELSEWHERE}:
        offset = _offset(answer, len(content))
        # Each step brings a whole part; with room for some that were cut or came twice.
        steps += 1
        if steps > 2 * len(content) // PART + 10:
            raise LineError("The other side does not get on.")
        part = content[offset : offset + PART]
        query = f"{path}?offset={offset}&total={len(content)}"
        answer = _call(peer, "PUT", query, own, body=part, at=at)
    if answer.status != _TAKEN:
        raise LineError(_said(answer))
    settle(bundle, _receipt(answer.content, peer), at=at)


def _receipt(content: bytes, peer: Peer) -> bundles.Receipt:
    try:
        return bundles.read_receipt(content, peer.public_key)
    except BundleError:
        if not peer.former_key:
            raise
        return bundles.read_receipt(content, peer.former_key)


def _fetch(peer: Peer, own: Sequence[Key], *, at: datetime) -> bytes:
    """Return the first bundle that waits for us there; empty when none does."""
    path = reverse("exchange:waiting")
    answer = _call(peer, "GET", f"{path}?offset=0&digest=", own, at=at)
    if answer.status == _NOTHING:
        return b""
    digest = answer.headers.get("X-Tansiq-Digest", "")
    if answer.status != _TAKEN or not records.is_sha256(digest):
        raise LineError(_said(answer))
    name = f"from-{peer.pk}-{digest}"
    parts.drop_others(folder(), name, of=f"from-{peer.pk}")
    limit = settings.FEDERATION_LIMIT
    total = int(answer.headers.get("X-Tansiq-Total", "0"))
    while (here := parts.arrived(folder(), name)) < min(total, limit + 1):
        answer = _call(peer, "GET", f"{path}?offset={here}&digest={digest}", own, at=at)
        if answer.status != _TAKEN or not answer.content:
            raise LineError(_said(answer))
        parts.append(folder(), name, answer.content, offset=here, most=limit)
    content = parts.content(folder(), name)
    parts.drop(folder(), name)
    return content


def _call(
    peer: Peer,
    method: str,
    path: str,
    own: Sequence[Key],
    *,
    body: bytes = b"",
    at: datetime,
) -> Answer:
    key = next((one for one in own if one.fingerprint == peer.our_fingerprint), own[0])
    headers = calls.signed_headers(
        key, to=peer.fingerprint, method=method, path=path, body=body, at=at
    )
    headers["Content-Type"] = "application/octet-stream"
    base = urlsplit(peer.address)
    target = Target(
        f"{base.scheme}://{base.netloc}{path}",
        may_be_private=settings.FEDERATION_MAY_BE_PRIVATE,
        setting="TANSIQ_FEDERATION_MAY_BE_PRIVATE",
    )
    return ask(target, method, body=body, headers=headers, most=_LARGEST_ANSWER, seconds=_PATIENCE)


def _offset(answer: Answer, length: int) -> int:
    found = _plain(answer).get("has")
    if not isinstance(found, int) or not 0 <= found <= length:
        raise LineError("The other side says nothing of how much it has.")
    return found


def _said(answer: Answer) -> str:
    reason = _plain(answer).get("reason", "")
    return f"The other side answered {answer.status} {reason}".strip()[:300]


def _plain(answer: Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
