"""What anybody may fetch without signing in: the list of alerts, each as page and as file."""

import uuid

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.timezone import now
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tansiq.access.actor import PASSER_BY
from tansiq.access.gate import open_to_all
from tansiq.access.middleware import Request
from tansiq.core.answers import cacheable
from tansiq.incidents.cap.reading import read_alert
from tansiq.incidents.models import Alert
from tansiq.incidents.queries import alert_feed as reading

_LONGEST = 60


def _public(public_id: uuid.UUID) -> Alert:
    """Return the alert as a passer-by sees it, whoever asks; what is not public is not there."""
    rows = Alert.objects.visible_to(PASSER_BY).for_everybody().with_successor()
    alert: Alert | None = rows.filter(public_id=public_id).first()
    if alert is None:
        raise Http404
    return alert


def _kept(request: Request, response: HttpResponse) -> HttpResponse:
    """Let caches keep it, one for each language: names of things are worded in the reader's."""
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return cacheable(request, response)


def _wanted(request: Request) -> dict[str, str]:
    names = ("country", "organisation")
    return {name: request.GET.get(name, "").lower()[:_LONGEST] for name in names}


@open_to_all("Alerts for everybody; the query takes what a passer-by sees")
@require_safe
def index(request: Request) -> HttpResponse:
    wanted = _wanted(request)
    alerts = list(reading.alerts_for_everybody(at=now(), **wanted))
    context = {"alerts": [(one, read_alert(one.content.encode())) for one in alerts]} | wanted
    return render(request, "incidents/alerts/public_index.html", context)


@open_to_all("Alerts for everybody; the query takes what a passer-by sees")
@require_safe
def feed(request: Request) -> HttpResponse:
    wanted = _wanted(request)
    alerts = list(reading.alerts_for_everybody(at=now(), **wanted))
    address = f"{settings.ORIGIN}{request.get_full_path()}"
    body = reading.atom_of(alerts, address=address, title=reading.feed_title(**wanted))
    return _kept(request, HttpResponse(body, content_type="application/atom+xml"))


@require_safe
def show(request: Request, public_id: uuid.UUID) -> HttpResponse:
    alert = _public(public_id)
    message = read_alert(alert.content.encode())
    context = {
        "alert": alert,
        "message": message,
        "infos": reading.infos_for(message, get_language() or "en"),
        "is_over": alert.is_over(now()),
    }
    return render(request, "incidents/alerts/public_show.html", context)


@require_safe
def as_file(request: Request, public_id: uuid.UUID) -> HttpResponse:
    response = HttpResponse(
        _public(public_id).content, content_type=f"{reading.CAP_TYPE}; charset=utf-8"
    )
    return _kept(request, response)
