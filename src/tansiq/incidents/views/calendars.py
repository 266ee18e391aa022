"""A person's calendar of what is due in incidents, under a secret address."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_safe

from tansiq.access.gate import open_to_all
from tansiq.access.middleware import Request
from tansiq.access.models import Person
from tansiq.access.queries import actor_for
from tansiq.core.icalendar import as_icalendar
from tansiq.incidents.actions.calendars import end_feed, make_feed, person_of_feed
from tansiq.incidents.models import CalendarFeed
from tansiq.incidents.queries.calendars import events_of


@login_required
@require_http_methods(["GET", "POST"])
def mine(request: Request) -> HttpResponse:
    """Make the address, shown this once; make another one; or end it."""
    person = Person.objects.visible_to(request.actor).get(pk=request.actor.person_id)
    address = ""
    if request.method == "POST" and "end" in request.POST:
        end_feed(person, by=request.actor, at=now())
        return redirect("incidents:calendar")
    if request.method == "POST":
        secret = make_feed(person, by=request.actor, at=now())
        address = settings.ORIGIN + reverse("incidents:calendar_feed", args=[secret])
    feed = CalendarFeed.objects.visible_to(request.actor).first()
    context = {"feed": feed, "address": address}
    return render(request, "incidents/aftercare/calendar.html", context)


@open_to_all("the secret in the address is what a calendar program can show")
@require_safe
def feed(request: Request, secret: str) -> HttpResponse:
    person = person_of_feed(secret)
    if person is None:
        raise Http404
    at = now()
    language = person.language or settings.LANGUAGE_CODE
    events = events_of(actor_for(person, at=at), language, origin=settings.ORIGIN, at=at)
    host = urlsplit(settings.ORIGIN).hostname or "tansiq"
    answer = HttpResponse(
        as_icalendar(events, host=host, at=at), content_type="text/calendar; charset=utf-8"
    )
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Disposition"] = 'inline; filename="tansiq.ics"'
    return answer
