"""The exchange file of a public plan; the same for everybody."""

from django.http import Http404, HttpResponse
from django.utils.timezone import now
from django.utils.translation import override
from django.views.decorators.http import require_safe

from tansiq.access.actor import PASSER_BY
from tansiq.access.gate import fetch
from tansiq.access.log import record
from tansiq.access.middleware import Request
from tansiq.core.answers import cacheable
from tansiq.plans.models import Plan
from tansiq.plans.queries.iati.content import exchange_of
from tansiq.plans.queries.iati.writing import xml_of


@require_safe
def iati(request: Request, country: str, slug: str) -> HttpResponse:
    plan = fetch(PASSER_BY, "plans.export", Plan, country__code=country, slug=slug)
    if not plan.is_public:
        raise Http404
    if request.actor.is_signed_in:
        record(request.actor, "export:plans.view", plan, at=now(), detail={"as": "iati"})
    with override("en"):
        body = xml_of(exchange_of(plan), at=now().replace(minute=0, second=0, microsecond=0))
    response = HttpResponse(body, content_type="application/xml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{plan.slug}-iati.xml"'
    return cacheable(request, response)
