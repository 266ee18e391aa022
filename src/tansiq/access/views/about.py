from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tansiq.access.gate import open_to_all


@open_to_all("says to everybody what is kept, why, how long, and where to complain")
def data(request: HttpRequest) -> HttpResponse:
    return render(request, "access/about_data.html", {"complaints": settings.COMPLAINTS})


@open_to_all("there is nothing here: it stands before a page of the sign-in library")
def closed(request: HttpRequest) -> HttpResponse:
    raise Http404
