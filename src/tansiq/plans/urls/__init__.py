"""Addresses of plans and of what is reported on them, one file a subject."""

from tansiq.plans.urls import (
    activities,
    duties,
    maps,
    matching,
    money,
    peers,
    plans,
    public,
    reports,
    roadmap,
    versions,
    workbooks,
)

app_name = "plans"
urlpatterns = [
    *activities.paths,
    *duties.paths,
    *maps.paths,
    *matching.paths,
    *money.paths,
    *public.paths,
    *reports.paths,
    *roadmap.paths,
    *versions.paths,
    *workbooks.paths,
    *peers.paths,
    *plans.paths,
]
