"""Addresses of the money of a plan, and of a country's rates of exchange."""

from django.urls import path

from tansiq.plans.urls.country import PLAN
from tansiq.plans.views import money, rates

MONEY = f"{PLAN}money/"
paths = [
    path(MONEY, money.index, name="money"),
    path(f"{MONEY}lines/", money.lines, name="money_lines"),
    path(f"{MONEY}lines.csv", money.lines_file, name="money_file"),
    path(f"{MONEY}<slug:kind>/new/", money.add, name="money_add"),
    path(f"{MONEY}<slug:kind>/<int:pk>/", money.change, name="money_change"),
    path(f"{MONEY}<slug:kind>/<int:pk>/remove/", money.remove, name="money_remove"),
    path("<country:country>/rates/", rates.index, name="rates"),
    path("<country:country>/rates/new/", rates.add, name="rate_add"),
    path("<country:country>/rates/<int:pk>/", rates.change, name="rate_change"),
    path("<country:country>/rates/<int:pk>/remove/", rates.remove, name="rate_remove"),
]
