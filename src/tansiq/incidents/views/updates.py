"""What a city says in public, for everybody: the page, its feed, what it asks of newsrooms.

The same for whoever asks, without scripts, with the language in the address.
"""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from tansiq.access.actor import PASSER_BY
from tansiq.access.gate import open_to_all
from tansiq.access.middleware import Request
from tansiq.access.models import Place
from tansiq.access.zones import zone
from tansiq.core.answers import cacheable
from tansiq.incidents.queries.updates import CityPage, checklist_for, city_page, feed_of, title_of

_LANGUAGES = dict(settings.LANGUAGES)
_WHY = "reads with the rights of a passer-by; what is not public is not in it"
# In an emergency what stands in a cache must not be old.
_SECONDS = 30


def _page(code: str, language: str) -> CityPage:
    place = Place.objects.visible_to(PASSER_BY).filter(code=code).first()
    if place is None or language not in _LANGUAGES:
        raise Http404
    page = city_page(place, language)
    if not page.exists:
        raise Http404
    return page


def _kept_shortly(request: Request, response: HttpResponse, language: str) -> HttpResponse:
    response.headers["Content-Language"] = language
    answer = cacheable(request, response)
    if "Cache-Control" in answer.headers:
        answer.headers["Cache-Control"] = f"public, max-age={_SECONDS}"
    return answer


def _context(page: CityPage, name: str, language: str) -> dict[str, object]:
    code = page.place.code
    return {
        "page": page,
        "place": page.place.name_in(language),
        "languages": [(one, reverse(f"updates:{name}", args=[code, one])) for one in _LANGUAGES],
        "language": language,
        "is_rtl": language == "ar",
    }


@require_safe
@open_to_all(_WHY)
def choose(request: Request, code: str) -> HttpResponse:
    language = get_language() or "en"
    _page(code, language)
    response = redirect("updates:show", code, language)
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@require_safe
@open_to_all(_WHY)
def show(request: Request, code: str, language: str) -> HttpResponse:
    page = _page(code, language)
    with override(language), timezone.override(zone(page.time_zone)):
        context = _context(page, "show", language)
        titled = [(one, title_of(one)) for one in page.updates]
        response = render(request, "incidents/updates/show.html", context | {"updates": titled})
    return _kept_shortly(request, response, language)


@require_safe
@open_to_all(_WHY)
def atom(request: Request, code: str, language: str) -> HttpResponse:
    page = _page(code, language)
    with override(language):
        here = f"{settings.ORIGIN}{request.path}"
        url = f"{settings.ORIGIN}{reverse('updates:show', args=[code, language])}"
        body = feed_of(page, language=language, page_url=url, feed_url=here)
    response = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    return _kept_shortly(request, response, language)


@require_safe
@open_to_all(_WHY)
def media(request: Request, code: str, language: str) -> HttpResponse:
    """Say what reporters are asked to mind, and whom they reach."""
    page = _page(code, language)
    if page.office is None:
        raise Http404
    with override(language):
        context = _context(page, "media", language) | {"checklist": checklist_for(page.office)}
        response = render(request, "incidents/updates/media.html", context)
    return _kept_shortly(request, response, language)
