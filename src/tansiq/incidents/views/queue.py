"""What a device asks before it sends what it kept."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tansiq.access.gate import open_to_all
from tansiq.access.middleware import Request


@open_to_all("tells who is signed in to that person alone")
@never_cache
@login_required
@require_GET
def hello(request: Request) -> HttpResponse:
    """Say who is signed in, so that nobody sends what another person wrote on this device."""
    return JsonResponse({"person": request.actor.person_id, "token": get_token(request)})
