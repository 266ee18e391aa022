"""Addresses of plans and their parts. Those of a country begin with its code."""

from django.urls import path

from tansiq.plans.urls.country import PLAN
from tansiq.plans.views import actions, beside, decisions, edit, indicators, matrix, onepage, plans

paths = [
    path("plans/", plans.index, name="index"),
    path("plans/start/", decisions.start, name="start"),
    path("places/<slug:code>/onepage/", onepage.show, name="one_page"),
    path("<country:country>/", plans.country, name="country"),
    path(PLAN, plans.detail, name="detail"),
    path(f"{PLAN}coverage/", matrix.coverage, name="coverage"),
    path(f"{PLAN}coverage.csv", matrix.coverage_file, name="coverage_file"),
    path(f"{PLAN}places/", matrix.places, name="places"),
    path(f"{PLAN}places/<slug:code>/", matrix.place, name="place"),
    path(f"{PLAN}beside/", beside.beside, name="beside"),
    path(f"{PLAN}beside/link/", beside.link, name="link"),
    path(f"{PLAN}beside/undo/<int:pk>/", beside.undo, name="undo"),
    path(f"{PLAN}beside/<str:code>/adopt/", beside.adopt_one, name="adopt_one"),
    path(f"{PLAN}beside/<str:code>/adapt/", beside.adapt, name="adapt"),
    path(f"{PLAN}beside/<str:code>/refuse/", beside.refuse, name="refuse"),
    path(f"{PLAN}actions/<str:code>/", actions.action, name="action"),
    path(f"{PLAN}actions/<str:code>/status/", actions.status, name="status"),
    path(f"{PLAN}milestones/<int:pk>/", actions.milestone, name="milestone"),
    path(f"{PLAN}indicators/<str:code>/", indicators.indicator, name="indicator"),
    path(f"{PLAN}indicators/<str:code>/figures.csv", indicators.figures_file, name="figures_file"),
    path(f"{PLAN}edit/", edit.workshop, name="edit"),
    path(f"{PLAN}edit/details/", edit.details, name="edit_details"),
    path(f"{PLAN}edit/<slug:kind>/new/", edit.add, name="add"),
    path(f"{PLAN}edit/<slug:kind>/<int:pk>/", edit.change, name="change"),
    path(f"{PLAN}edit/<slug:kind>/<int:pk>/remove/", edit.remove, name="remove"),
    path(f"{PLAN}adopt/", decisions.adopt, name="adopt"),
    path(f"{PLAN}publish/", decisions.publish, name="publish"),
    path(f"{PLAN}unpublish/", decisions.unpublish, name="unpublish"),
    path(f"{PLAN}carry-down/", decisions.carry, name="carry_down"),
    path(f"{PLAN}start-local/", decisions.start_local, name="start_local"),
]
