from django.http import HttpResponse
from django.shortcuts import render

from tansiq.access.gate import open_to_all
from tansiq.access.middleware import Request
from tansiq.core.style import examples


@open_to_all("the first page; what stands on the desk is asked of the gate row by row")
def desk(request: Request) -> HttpResponse:
    return render(request, "home/desk.html", {})


@open_to_all("components with made-up content; the route exists only where DEBUG is on")
def style(request: Request) -> HttpResponse:
    return render(request, "core/style.html", examples())
