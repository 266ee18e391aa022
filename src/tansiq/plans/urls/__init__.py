"""Addresses of plans and of what is reported on them, one file a subject."""

from tansiq.plans.urls import (
    activities,
    duties,
    maps,
    matching,
    money,
    national,
    peers,
    pictures,
    plans,
    proposals,
    public,
    reports,
    roadmap,
    versions,
    voices,
    workbooks,
)

app_name = "plans"
urlpatterns = [
    *activities.paths,
    *duties.paths,
    *maps.paths,
    *matching.paths,
    *money.paths,
    *national.paths,
    *peers.paths,
    *pictures.paths,
    *public.paths,
    *reports.paths,
    *roadmap.paths,
    *versions.paths,
    *voices.paths,
    *workbooks.paths,
    *proposals.paths,
    *plans.paths,
]
