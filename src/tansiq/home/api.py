"""The API put together: all parts' routes, one way to say no."""

from typing import Any

import orjson
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as BadRequestError
from ninja.renderers import BaseRenderer

from tansiq.access.api import AUTHENTICATION
from tansiq.access.api import router as access
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.core.guarded_schemas import HoldsPersonalDataError
from tansiq.exchange.actions.items import ExchangeError
from tansiq.exchange.api import router as exchange
from tansiq.plans.actions.plans import PlanNotReadyError
from tansiq.plans.actions.reports import ReportError
from tansiq.plans.actions.values import BadValueError
from tansiq.plans.api import activities, changes, money, plans, reports


class Json(BaseRenderer):
    """Numbers with a fraction are written as text, so that none is rounded on the way."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> Any:
        return orjson.dumps(data, default=str)


api = NinjaAPI(
    title="Tansiq",
    version="1",
    description="What the pages show and do, for programs. The same gate decides.",
    auth=AUTHENTICATION,
    renderer=Json(),
    docs_url=None,
    urls_namespace="api",
)
api.add_router("", access)
api.add_router("", exchange)
for routes in (plans, reports, activities, money, changes):
    api.add_router("", routes.router)


def _answer(
    request: HttpRequest, status: int, detail: object, fields: dict[str, str] | None = None
) -> HttpResponse:
    return api.create_response(
        request, {"detail": str(detail), "fields": fields or {}}, status=status
    )


@api.exception_handler(AuthenticationError)
def _unknown_caller(request: HttpRequest, _problem: Any) -> HttpResponse:
    answer = _answer(request, 401, _("Send a token that is in force; make one in your account."))
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(PermissionDenied)
def _not_allowed(request: HttpRequest, problem: PermissionDenied) -> HttpResponse:
    return _answer(request, 403, problem)


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, _problem: Http404) -> HttpResponse:
    return _answer(request, 404, _("There is no such thing, or it is not for you."))


@api.exception_handler(HttpError)
def _malformed(request: HttpRequest, problem: HttpError) -> HttpResponse:
    return _answer(request, problem.status_code, problem)


@api.exception_handler(BadRequestError)
def _bad_fields(request: HttpRequest, problem: BadRequestError) -> HttpResponse:
    fields = {".".join(map(str, error["loc"])): error["msg"] for error in problem.errors}
    return _answer(request, 422, _("Some fields cannot be taken as they are."), fields)


@api.exception_handler(ValidationError)
def _against_the_rules(request: HttpRequest, problem: ValidationError) -> HttpResponse:
    return _answer(request, 422, " ".join(problem.messages))


@api.exception_handler(IntegrityError)
@api.exception_handler(DataError)
def _against_a_constraint(request: HttpRequest, _problem: Exception) -> HttpResponse:
    return _answer(request, 409, _("This contradicts what is already there. Check the values."))


@api.exception_handler(HoldsPersonalDataError)
def _of_a_person(request: HttpRequest, problem: HoldsPersonalDataError) -> HttpResponse:
    return _answer(request, 422, problem, problem.fields)


@api.exception_handler(ChangedMeanwhileError)
@api.exception_handler(PlanNotReadyError)
@api.exception_handler(ReportError)
@api.exception_handler(BadValueError)
@api.exception_handler(ExchangeError)
def _not_now(request: HttpRequest, problem: Exception) -> HttpResponse:
    return _answer(request, 409, problem)
