"""Addresses of places like ours."""

from django.urls import path

from tansiq.plans.urls.country import PLAN
from tansiq.plans.views import peers

paths = [
    path("places/<slug:code>/peers/", peers.of_place, name="peers"),
    path(f"{PLAN}peers/", peers.of_plan, name="plan_peers"),
    path(f"{PLAN}peers/<str:code>/", peers.objective, name="peers_objective"),
]
