"""Answers of views: a whole page, or the fragment of it that htmx asked for."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.timezone import localdate


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    fragment: str = "",
    status: int = 200,
) -> HttpResponse:
    """Answer with the template; or with the fragment, when htmx asks and there is one.

    The template extends `frame`: the platform's for members, the public one for passers-by.
    """
    signed_in = request.user.is_authenticated
    shared = {
        "frame": "core/base.html" if signed_in else "core/base_public.html",
        "today": localdate(),
        "is_member": signed_in,
    }
    wanted = fragment if fragment and "HX-Request" in request.headers else template
    response = render(request, wanted, shared | context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
