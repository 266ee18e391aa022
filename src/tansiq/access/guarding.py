"""The question of the guard between a form and its view, and the trace it leaves in the log.

Whoever makes a form inherits `GuardedForm`; views need nothing. What was sent in spite of a
finding is logged by `record`, in the transaction of the action that sent it.
"""

from collections.abc import Callable, MutableMapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tansiq.access.log import leave_trace, stands_in_log
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation
from tansiq.core.guarding import CHOICE, MOST_REASON, REASON, GuardedForm, Watch, watching
from tansiq.core.pages import page
from tansiq.core.personal import Kind, kind_in_words

__all__ = ["GuardedForm", "guard", "numbers_of_offices", "remember"]

_SESSION = "guard"
# How many decisions a session remembers.
_MOST = 30
_NOT_THE_GUARDS = {401, 403, 404, 405}
_WRITES = {"POST", "PUT", "PATCH"}


def guard(get_response: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask the writer of a form about what its guard found, in place of the view's answer."""

    def answer(request: Request) -> HttpResponse:
        if request.method not in _WRITES:
            return get_response(request)
        with watching(_watch_of(request)) as watch:
            response = get_response(request)
            if watch.questions and not _is_refusal(response):
                response = _ask(request, watch)
            elif response.status_code < 400:  # noqa: PLR2004 -- HTTP's own
                leave_trace(request.actor, None, at=now())
                _tell(request, watch)
            if not request.path.startswith("/api/"):
                remember(request.session, watch)
        return response

    return answer


def _tell(request: HttpRequest, watch: Watch) -> None:
    """Say afterwards what nobody was asked about."""
    kinds = {kind: None for one in watch.sent if one.is_unasked for kind in one.kinds}
    if kinds:
        words = ", ".join(kind_in_words(Kind(kind)) for kind in kinds)
        said = _("It arrived. It seems to hold something of a person: %(kinds)s. Correct it.")
        messages.warning(request, said % {"kinds": words})


def _is_refusal(response: HttpResponse) -> bool:
    return response.status_code in _NOT_THE_GUARDS or response.status_code >= 500  # noqa: PLR2004 -- HTTP's own


def _watch_of(request: HttpRequest) -> Watch:
    if request.path.startswith("/api/"):
        # A program answers in the same request; see GuardedSchema.
        return Watch(place=request.path, known=numbers_of_offices)
    return Watch(
        place=request.path,
        known=numbers_of_offices,
        choice=request.POST.get(CHOICE, ""),
        reason=request.POST.get(REASON, ""),
        # A queue brings what was written without a line, perhaps hours ago: it is taken and said.
        asks_nobody="X-Queued" in request.headers,
        earlier=dict(request.session.get(_SESSION, {})),
    )


def numbers_of_offices() -> set[str]:
    """Return the telephones and mailboxes of bodies: these belong to nobody."""
    rows = Organisation.objects.filter(is_active=True).exclude(phone="", email="")
    return {one for row in rows.values_list("phone", "email") for one in row if one}


def remember(session: MutableMapping[str, Any], watch: Watch) -> None:
    """Keep what was decided, so that the same text is not asked about again, nor logged twice."""
    kept = dict(watch.earlier)
    for one in watch.waiting:
        kept[one.digest] = one.reason
    for entry, accepted in watch.written.items():
        # An action that failed took its log back with it.
        is_logged = stands_in_log(entry)
        kept |= {one.digest: "" if is_logged else one.reason for one in accepted}
    if kept != watch.earlier and not watch.asks_nobody:
        session[_SESSION] = dict(list(kept.items())[-_MOST:])


def _ask(request: Request, watch: Watch) -> HttpResponse:
    asked = {one.html_name for one in watch.questions}
    left_out = asked | {CHOICE, REASON, "csrfmiddlewaretoken"}
    context: dict[str, Any] = {
        "questions": watch.questions,
        "example": f"[{kind_in_words(watch.questions[0].found[0].kind)}]",
        "carried": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in left_out
            for value in values
        ],
        "files": [name for name, _file in request.FILES.items()],
        "reason": watch.reason,
        "problem": watch.problem,
        "most": MOST_REASON,
        "is_exercise": getattr(request, "is_exercise", False),
    }
    response = page(request, "access/guard.html", context, status=422)
    if "HX-Request" in request.headers:
        for name, value in (("Retarget", "#main"), ("Reselect", "#main"), ("Reswap", "outerHTML")):
            response.headers[f"HX-{name}"] = value
    return response
