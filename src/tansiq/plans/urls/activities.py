"""Addresses of the activity register."""

from django.urls import path

from tansiq.plans.views import activities, activity_import

paths = [
    path("activities/", activities.index, name="activities"),
    path("activities/export/", activities.export, name="activities_export"),
    path("activities/add/", activities.add, name="activity_add"),
    path("activities/import/", activity_import.upload, name="activities_import"),
    path("activities/template/", activity_import.template, name="activities_template"),
    path("activities/<int:pk>/", activities.show, name="activity"),
    path("activities/<int:pk>/edit/", activities.edit, name="activity_edit"),
    path("activities/<int:pk>/remove/", activities.remove, name="activity_remove"),
]
