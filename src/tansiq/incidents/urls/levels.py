"""Addresses of who takes part, and of all running incidents in one view."""

from django.urls import path

from tansiq.incidents.views import levels

paths = [
    path("overview/", levels.overview, name="overview"),
    path("<int:room>/levels/", levels.show, name="levels"),
    path("<int:room>/levels/name/", levels.name, name="level_name"),
    path("<int:room>/levels/leave/", levels.leave, name="level_leave"),
    path("<int:room>/levels/own/", levels.own, name="level_own"),
]
