"""Addresses of the versions of a plan, of its amendment, and of what they mean for places."""

from django.urls import path

from tansiq.plans.urls.country import PLAN
from tansiq.plans.views import amending, consequences, versions

_PART = f"{PLAN}amendment/<slug:kind>/<slug:key>/"

paths = [
    path(f"{PLAN}versions/", versions.index, name="versions"),
    path(f"{PLAN}versions/compare/", versions.compare, name="versions_compare"),
    path(f"{PLAN}versions/<int:number>/", versions.version, name="version"),
    path(
        f"{PLAN}versions/<int:number>/places/<slug:code>/",
        consequences.consequence,
        name="consequence",
    ),
    path(
        f"{PLAN}versions/<int:number>/places/<slug:code>/looked/",
        consequences.looked,
        name="consequence_looked",
    ),
    path(f"{PLAN}amendment/", amending.amendment, name="amendment"),
    path(f"{PLAN}amendment/reason/", amending.reason, name="amendment_reason"),
    path(f"{PLAN}amendment/discard/", amending.discard, name="amendment_discard"),
    path(f"{PLAN}amendment/in-force/", amending.in_force, name="amendment_in_force"),
    path(f"{PLAN}amendment/<slug:kind>/new/", amending.add, name="amendment_add"),
    path(_PART, amending.change, name="amendment_change"),
    path(f"{_PART}drop/", amending.drop, name="amendment_drop"),
    path(f"{_PART}restore/", amending.restore, name="amendment_restore"),
]
