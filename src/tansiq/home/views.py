from django.http import HttpResponse
from django.shortcuts import render

from tansiq.access.gate import open_to_all
from tansiq.access.middleware import Request


@open_to_all("the first page; what stands on the desk is asked of the gate row by row")
def desk(request: Request) -> HttpResponse:
    return render(request, "home/desk.html", {})
