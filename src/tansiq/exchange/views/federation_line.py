"""Where another platform brings its bundles, and fetches ours. Each call is signed by its key."""

import datetime as dt
import functools
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tansiq.access.gate import open_to_all
from tansiq.exchange import line
from tansiq.exchange.actions.federation import taking
from tansiq.exchange.actions.federation.packing import settle
from tansiq.exchange.federation import bundles, calls, parts
from tansiq.exchange.federation.errors import BundleError
from tansiq.exchange.models import Inbound, Outbound, Peer
from tansiq.exchange.queries.federation import taken_before, waiting_for

View = Callable[..., HttpResponse]
_CLOSED = {"stranger": 403, "signature": 403, "untrusted": 403, "paused": 403, "ended": 403}


def _signed(view: View) -> View:
    """Let only peers in, by their signature; what is refused is written down with its reason."""

    @functools.wraps(view)
    def answer(request: HttpRequest, **arguments: Any) -> HttpResponse:
        peer: Peer | None = None
        try:
            peer = taking.known_peer(request.headers.get(calls.FROM, ""))
            _check_call(request, peer)
            taking.check_open(peer)
            return view(request, peer, **arguments)
        except BundleError as problem:
            taking.refuse(problem, peer, at=now())
            status = _CLOSED.get(problem.reason, 422)
            return JsonResponse({"reason": problem.reason}, status=status)

    return answer


def _check_call(request: HttpRequest, peer: Peer) -> None:
    public = peer.public_key
    if request.headers.get(calls.FROM) != peer.fingerprint:
        public = peer.former_key
    problem = BundleError("signature")
    for key in line.own_keys():
        try:
            made = calls.check_call(
                request.headers,
                public=public,
                to=key.fingerprint,
                method=str(request.method),
                path=request.get_full_path(),
                body=request.body,
            )
        except BundleError as found:
            problem = found
            continue
        skew = dt.timedelta(minutes=settings.FEDERATION_SKEW_MINUTES)
        calls.check_clock(made, at=now(), skew=skew)
        return
    raise problem


@open_to_all("only who signs with the key of a peer is answered")
@csrf_exempt
@require_http_methods(["GET", "PUT"])
@_signed
def incoming(
    request: HttpRequest, peer: Peer, *, chain: UUID, sequence: int, digest: str
) -> HttpResponse:
    """Say how much of a bundle is here, take the next part of it, and in the end all of it."""
    before = taken_before(peer, chain, sequence, digest)
    if before is not None:
        return _receipt(before)
    name = f"to-{peer.pk}-{digest}"
    if request.method == "GET":
        return JsonResponse({"has": parts.arrived(line.folder(), name)}, status=202)
    offset, total = _number(request, "offset"), _number(request, "total")
    parts.drop_others(line.folder(), name, of=f"to-{peer.pk}")
    here = parts.append(
        line.folder(), name, request.body, offset=offset, most=settings.FEDERATION_LIMIT
    )
    if here < total:
        status = 202 if here == offset + len(request.body) else 409
        return JsonResponse({"has": here}, status=status)
    return _take_whole(name, digest)


def _take_whole(name: str, digest: str) -> HttpResponse:
    content = parts.content(line.folder(), name)
    try:
        opened = bundles.open_bundle(content, most=settings.FEDERATION_LIMIT)
        if opened.digest != digest:
            raise BundleError("digest", "not what was announced")
        taken = taking.take(opened, line.own_keys(), at=now())
    finally:
        # Taken or refused: of what is damaged nothing is kept, the next attempt begins anew.
        parts.drop(line.folder(), name)
    return _receipt(taken.inbound)


def _receipt(inbound: Inbound) -> HttpResponse:
    content = taking.signed_receipt(inbound, line.own_keys())
    return HttpResponse(content, content_type="application/octet-stream")


@open_to_all("only who signs with the key of a peer is answered")
@csrf_exempt
@require_http_methods(["GET", "POST"])
@_signed
def waiting(request: HttpRequest, peer: Peer) -> HttpResponse:
    """Give a peer that we cannot reach what waits for it, part by part, and take its receipt."""
    at = now()
    if request.method == "POST":
        receipt = bundles.read_receipt(request.body, peer.public_key)
        sent = waiting_for(peer, receipt.digest)
        if sent is not None:
            settle(sent, receipt, at=at)
        return HttpResponse(status=204)
    digest = request.GET.get("digest", "")
    bundle = waiting_for(peer, digest) if digest else line.next_for(peer, at=at)
    if bundle is None:
        return HttpResponse(status=204)
    return _part(bundle, _number(request, "offset"))


def _part(bundle: Outbound, offset: int) -> HttpResponse:
    content = bytes(bundle.content)[offset : offset + line.PART]
    response = HttpResponse(content, content_type="application/octet-stream")
    response["X-Tansiq-Digest"] = bundle.digest
    response["X-Tansiq-Total"] = str(bundle.size)
    return response


def _number(request: HttpRequest, name: str) -> int:
    found = request.GET.get(name, "")
    if not found.isascii() or not found.isdigit() or len(found) > 12:  # noqa: PLR2004 -- a trillion
        raise BundleError("form", name)
    return int(found)
