"""Addresses of suggestions where local actions may belong."""

from django.urls import path

from tansiq.plans.urls.country import PLAN
from tansiq.plans.views import matching

paths = [
    path(f"{PLAN}unlinked/", matching.unlinked, name="unlinked"),
    path(f"{PLAN}beside/not-this/<int:pk>/", matching.decline, name="decline_match"),
    path(f"{PLAN}beside/again/<int:pk>/", matching.reconsider, name="reconsider_matches"),
]
