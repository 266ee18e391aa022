"""Addresses of voices and consultations."""

from django.urls import path

from tansiq.plans.urls.country import PLAN
from tansiq.plans.views import consultations, voices

paths = [
    path("consultations/", consultations.index, name="consultations"),
    path("consultations/add/", consultations.add, name="consultation_add"),
    path("consultations/<int:pk>/", consultations.detail, name="consultation"),
    path("consultations/<int:pk>/edit/", consultations.edit, name="consultation_edit"),
    path("consultations/<int:pk>/remove/", consultations.remove, name="consultation_remove"),
    path("places/<slug:code>/voices/", voices.of_place, name="place_voices"),
    path("places/<slug:code>/voices/ask/<slug:slug>/", voices.ask, name="voice_ask"),
    path(f"{PLAN}voices/", voices.of_plan, name="voices"),
]
