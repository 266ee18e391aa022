"""What goes which way and how soon it is answered: our own figures, and those of a country."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation, Place
from tansiq.access.queries import organisations_of
from tansiq.core.exports import csv_file
from tansiq.core.pages import page
from tansiq.core.uploads import CONTENT_TYPES
from tansiq.exchange.actions.figures import note_export
from tansiq.exchange.figures_file import method, workbook
from tansiq.exchange.forms.figures import CountryForm, OwnForm, SpanForm
from tansiq.exchange.models import ALL
from tansiq.exchange.queries import figures as reading
from tansiq.exchange.queries.figures_drawn import HEADS, rows_of_country, rows_of_own, trends

# So many pairs of kinds are shown before the reader asks for all.
_KINDS = 12


@login_required
@require_GET
def own(request: Request) -> HttpResponse:
    form = _own_form(request)
    context: dict[str, Any] = _frame(request, form)
    if form.whose is not None:
        organisation = fetch(request.actor, "exchange.figures", Organisation, pk=form.whose.pk)
        figures = reading.own_figures(request.actor, organisation, context["span"])
        context |= {"organisation": organisation, "figures": figures}
    return page(request, "exchange/figures/own.html", context)


def _own_form(request: Request) -> OwnForm:
    return OwnForm(request.GET, organisations=organisations_of(request.actor))


def _frame(request: Request, form: SpanForm) -> dict[str, Any]:
    countries = Place.objects.visible_to(request.actor).filter(
        level=0, country_code__in=request.actor.countries | request.actor.overseen
    )
    span = reading.span_of(form.span, today=localdate())
    return {
        "form": form,
        "span": span,
        "countries": countries.order_by("name", "pk"),
        "method": method(),
    }


@login_required
@require_GET
def country(request: Request, country: str) -> HttpResponse:
    place = _country(request, country)
    form = CountryForm(request.GET)
    context = _frame(request, form)
    figures = _country_figures(request, place, form)
    shown = figures.kinds if request.GET.get("all") else figures.kinds[:_KINDS]
    context |= {
        "country": place,
        "figures": figures,
        "kinds": shown,
        "is_cut": len(shown) < len(figures.kinds),
        "trends": list(trends(figures)),
        "counted_at": reading.counted_at(context["span"]),
    }
    return page(request, "exchange/figures/country.html", context)


def _country(request: Request, code: str) -> Place:
    return fetch(request.actor, "exchange.country_figures", Place, level=0, country_code=code)


def _country_figures(request: Request, place: Place, form: CountryForm) -> reading.CountryFigures:
    span = reading.span_of(form.span, today=localdate())
    return reading.country_figures(request.actor, place, span, form.wanted("kind") or ALL)


@login_required
@require_GET
def own_export(request: Request, form: str) -> HttpResponse:
    """Give the figures of one organisation as a file; that they left is written down."""
    asked = _own_form(request)
    if asked.whose is None:
        raise Http404
    organisation = fetch(request.actor, "exchange.figures", Organisation, pk=asked.whose.pk)
    span = reading.span_of(asked.span, today=localdate())
    rows = rows_of_own(reading.own_figures(request.actor, organisation, span))
    note_export(organisation, by=request.actor, at=now(), rows=len(rows))
    return _file(request, form, rows, whose=str(organisation), span=span)


@login_required
@require_GET
def country_export(request: Request, country: str, form: str) -> HttpResponse:
    place = _country(request, country)
    asked = CountryForm(request.GET)
    rows = rows_of_country(_country_figures(request, place, asked))
    note_export(place, by=request.actor, at=now(), rows=len(rows))
    span = reading.span_of(asked.span, today=localdate())
    return _file(request, form, rows, whose=str(place), span=span)


def _file(
    request: Request, form: str, rows: list[list[Any]], *, whose: str, span: reading.Span
) -> HttpResponse:
    if form == "csv":
        return csv_file("exchange-figures", [head.key for head in HEADS], rows)
    if form != "xlsx":
        raise Http404
    title = _("Figures of the exchange: %(whose)s") % {"whose": whose}
    content = workbook(title, rows, span=span, author=str(request.user), at=now())
    answer = HttpResponse(content, content_type=CONTENT_TYPES["xlsx"])
    answer["Content-Disposition"] = 'attachment; filename="exchange-figures.xlsx"'
    answer["Cache-Control"] = "private, no-store"
    return answer
