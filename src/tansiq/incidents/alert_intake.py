"""Asking the sources for new alerts: the list, then what is new in it."""

from datetime import datetime

from django.conf import settings
from django.db.models import F

from tansiq.access.actor import Actor
from tansiq.core.fetching import FetchingError, fetch_content
from tansiq.core.posting import Target
from tansiq.incidents.actions.received import note_visit, take_in
from tansiq.incidents.cap.errors import CapError
from tansiq.incidents.cap.index import read_index
from tansiq.incidents.cap.reading import LARGEST
from tansiq.incidents.models import AlertSource, ReceivedAlert, RefusedAlert

# So many alerts of one source are fetched at a time; the rest come with the next visit.
MOST_AT_ONCE = 20
_LONGEST_LINK = 400


def ask_all(*, at: datetime) -> int:
    """Ask each active source, the longest unasked first; return how many alerts are new."""
    active = AlertSource.objects.filter(is_active=True).exclude(address="")
    sources = active.order_by(F("fetched_at").asc(nulls_first=True), "pk")
    return sum(ask(source, at=at) for source in sources[:MOST_AT_ONCE])


def ask(source: AlertSource, *, at: datetime) -> int:
    """Fetch what is new; return how many alerts. What goes wrong is kept with the source."""
    by = Actor.system("Alerts are fetched from their sources")
    try:
        came = fetch_content(_target(source.address), most=LARGEST, etag=source.etag)
        if came.is_unchanged:
            note_visit(source, etag=source.etag, problem="", at=at)
            return 0
        index = read_index(came.content, address=came.url)
    except (FetchingError, CapError) as problem:
        note_visit(source, etag="", problem=str(problem), at=at)
        return 0
    new = sum(
        take_in(source, content, came_from=came.url, by=by, at=at).is_new
        for content in index.alerts
    )
    links = _unknown(source, index.links)
    problems = []
    for link in links[:MOST_AT_ONCE]:
        try:
            one = fetch_content(_target(link), most=LARGEST)
        except FetchingError as problem:
            problems.append(f"{link}: {problem}")
            continue
        new += take_in(source, one.content, came_from=link, by=by, at=at).is_new
    # With something left to fetch the list must come again, though it did not change.
    is_done = not problems and len(links) <= MOST_AT_ONCE
    note_visit(source, etag=came.etag if is_done else "", problem="".join(problems[:1]), at=at)
    return new


def _target(address: str) -> Target:
    return Target(address, may_be_private=settings.ALERTS_MAY_BE_PRIVATE)


def _unknown(source: AlertSource, links: tuple[str, ...]) -> list[str]:
    """Leave out what was fetched before, be it taken in or refused."""
    seen: set[str] = set()
    for kind in (ReceivedAlert, RefusedAlert):
        rows = kind.objects.filter(source=source, came_from__in=links)
        seen |= set(rows.values_list("came_from", flat=True))
    return [link for link in links if link not in seen and len(link) <= _LONGEST_LINK]
