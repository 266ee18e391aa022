"""Addresses of plans and of what is reported on them, one file a subject."""

from tansiq.plans.urls import activities, duties, maps, matching, money, plans, public, reports

app_name = "plans"
urlpatterns = [
    *reports.paths,
    *activities.paths,
    *duties.paths,
    *maps.paths,
    *money.paths,
    *public.paths,
    *matching.paths,
    *plans.paths,
]
