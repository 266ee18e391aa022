"""Places: browsed, searched, shown, downloaded, and replaced by an official table."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tansiq.access.directory import Wanted, found_places, place_page
from tansiq.access.forms.places import PlacesForm
from tansiq.access.gate import fetch
from tansiq.access.log import record
from tansiq.access.middleware import Request
from tansiq.access.models import Place
from tansiq.access.pages import page_of
from tansiq.access.place_map import map_of_parts
from tansiq.access.place_tables import csv_of_places
from tansiq.access.place_upload import Upload


def index(request: Request) -> HttpResponse:
    wanted = Wanted.from_query(request.GET)
    places = found_places(Place.objects.visible_to(request.actor), wanted)
    template = "access/_places.html" if "HX-Request" in request.headers else "access/places.html"
    return render(request, template, {"page": page_of(request, places), "wanted": wanted})


def detail(request: Request, code: str) -> HttpResponse:
    place = fetch(request.actor, "places.view", Place, code=code)
    context = place_page(place, request.actor)
    context["page"] = page_of(request, context.pop("below"))
    context["map"] = map_of_parts(place, language=get_language() or "en")
    return render(request, "access/place.html", context)


def download(request: Request, code: str) -> StreamingHttpResponse:
    place = fetch(request.actor, "places.view", Place, code=code)
    record(request.actor, "export:places.view", place, at=now())
    response = StreamingHttpResponse(csv_of_places(place), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="places-{place.code}.csv"'
    return response


@login_required
def upload(request: Request, code: str) -> HttpResponse:
    country = fetch(request.actor, "places.upload", Place, code=code)
    kept = Upload(country, request.actor)
    form = PlacesForm(request.POST or None, request.FILES or None)
    preview = None
    if request.method == "POST" and "save" in request.POST:
        return _saved(request, country, kept)
    if request.method == "POST" and form.is_valid():
        preview = kept.preview(form.cleaned_data, at=now())
    context = {"country": country, "form": form, "preview": preview}
    status = 422 if preview and preview.problems else 200
    return render(request, "access/place_upload.html", context, status=status)


def _saved(request: Request, country: Place, kept: Upload) -> HttpResponse:
    preview = kept.save(at=now())
    if preview.problems:
        context = {"country": country, "form": PlacesForm(), "preview": preview}
        return render(request, "access/place_upload.html", context, status=422)
    messages.success(request, _("The places are as in your files now."))
    return redirect("access:place", country.code)
