"""A place on one page, to be read without training and printed on one sheet."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Place
from tansiq.plans.models import Funding
from tansiq.plans.queries.onepage import one_page


@login_required
@require_GET
def show(request: Request, code: str) -> HttpResponse:
    place = fetch(request.actor, "plans.place_view", Place, code=code)
    moment = now()
    page = one_page(request.actor, place, on=moment.date())
    money = [row | {"words": Funding(row["funding"]).label} for row in page.money]
    context = {"one": page, "money": money, "today": moment.date(), "moment": moment}
    return render(request, "plans/onepage.html", context)
