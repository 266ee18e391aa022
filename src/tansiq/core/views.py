import secrets
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_safe

from tansiq.core import live, metrics, queries
from tansiq.core.openness import open_to_all


@open_to_all("says only that the process runs; asked by the service manager")
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


@open_to_all("says only whether the process can serve, in codes")
def readyz(request: HttpRequest) -> HttpResponse:
    problems = queries.what_is_not_ready(at=now())
    return JsonResponse(
        {"ready": not problems, "missing": problems}, status=503 if problems else 200
    )


@open_to_all("guarded by a token of the operator's own; counts without a person in them")
def metrics_page(request: HttpRequest) -> HttpResponse:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    wanted = settings.METRICS_TOKEN
    if not wanted or not secrets.compare_digest(given.encode(), wanted.encode()):
        raise Http404
    text = metrics.render(queries.gauges(at=now()))
    return HttpResponse(text, content_type="text/plain; version=0.0.4; charset=utf-8")


@open_to_all("only the channel of whoever is signed in; what it tells are numbers and codes")
def live_stream(request: HttpRequest) -> HttpResponseBase:
    channel = live.channel_of_person(_who_is_signed_in(request))
    return live.stream_response(request, channel, reader=channel)


@open_to_all("the same as the stream, for networks that cut it")
def live_poll(request: HttpRequest) -> HttpResponseBase:
    return live.poll_response(request, live.channel_of_person(_who_is_signed_in(request)))


def _who_is_signed_in(request: HttpRequest) -> int:
    if not request.user.is_authenticated:
        raise PermissionDenied(_("Sign in to be told what is new."))
    return request.user.pk


_WORKER = Path(__file__).parent / "static" / "core" / "offline-worker.js"


@open_to_all("a script without data, the same for everybody")
@require_safe
def offline_worker(request: HttpRequest) -> HttpResponse:
    """Serve the worker from the top, so that it may answer for every page."""
    answer = HttpResponse(_WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@open_to_all("says what is on the device itself; the server adds nothing")
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "core/offline.html")


@open_to_all("the page for a request that cannot be read")
@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


@open_to_all("the page of a refusal, with the reason the gate gave")
@requires_csrf_token
def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    way_on = getattr(exception, "way_on", "")
    return render(request, "403.html", {"reason": str(exception), "way_on": way_on}, status=403)


@open_to_all("the page for what does not exist or is not for this reader")
@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


@open_to_all("the page after a fault of ours")
@requires_csrf_token
def fault(request: HttpRequest) -> HttpResponse:
    # Without the request: what the frame asks the database may be what failed.
    error_id = getattr(request, "request_id", "")
    return HttpResponse(render_to_string("500.html", {"error_id": error_id}), status=500)


@open_to_all("the page for a form without its token")
def forgery(request: HttpRequest, reason: str = "") -> HttpResponse:
    words = _(
        "This form is too old, or was opened in another session. Go back, load the page again "
        "and send it once more."
    )
    return render(request, "403.html", {"reason": words}, status=403)
