"""The record: who did what, what left as a file, and what was refused."""

from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.timezone import now

from tansiq.access.forms.sharing import LogFilter
from tansiq.access.gate import fetch
from tansiq.access.log import record
from tansiq.access.log_reading import COLUMNS, csv_lines, described, filtered, summary_of
from tansiq.access.middleware import Request
from tansiq.access.models import LogEntry, Person
from tansiq.access.pages import page_of


def _entries(request: Request) -> tuple[LogFilter, QuerySet[LogEntry]]:
    fetch(request.actor, "log.view", Person, pk=request.actor.person_id)
    form = LogFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    return form, filtered(LogEntry.objects.visible_to(request.actor), wanted)


@login_required
def index(request: Request) -> HttpResponse:
    form, entries = _entries(request)
    page = page_of(request, entries)
    context = {"form": form, "page": page, "rows": described(page.object_list, request.actor)}
    template = "access/_log.html" if "HX-Request" in request.headers else "access/log.html"
    return render(request, template, context)


@login_required
def export(request: Request) -> StreamingHttpResponse:
    _form, entries = _entries(request)
    person = fetch(request.actor, "log.view", Person, pk=request.actor.person_id)
    wanted = {name: value for name, value in request.GET.items() if value and name in COLUMNS}
    record(request.actor, "export:log.view", person, at=now(), detail=wanted)
    response = StreamingHttpResponse(_file(entries), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="tansiq-record.csv"'
    return response


def _file(entries: QuerySet[LogEntry]) -> Iterator[str]:
    yield "\ufeff"
    yield from csv_lines(entries)


@login_required
def of_object(request: Request, label: str, pk: int) -> HttpResponse:
    fetch(request.actor, "log.view", Person, pk=request.actor.person_id)
    entries = LogEntry.objects.visible_to(request.actor).filter(target_kind=label, target_id=pk)
    page = page_of(request, entries.order_by("-pk"))
    rows = described(page.object_list, request.actor)
    context = {"page": page, "rows": rows, "thing": summary_of(label, pk, request.actor)}
    return render(request, "access/log_of_object.html", context)
