"""Addresses of sharing groups."""

from django.urls import path

from tansiq.exchange.views import groups

paths = [
    path("groups/", groups.index, name="groups"),
    path("groups/new/", groups.make, name="group_make"),
    path("groups/<int:pk>/", groups.group, name="group"),
    path("groups/<int:pk>/edit/", groups.edit, name="group_edit"),
    path("groups/<int:pk>/end/", groups.end, name="group_end"),
]
