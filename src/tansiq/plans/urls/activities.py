"""Addresses of the activity register."""

from django.urls import path

from tansiq.plans.views import activities, activity_import, conversations, gaps, overlaps

paths = [
    path("activities/", activities.index, name="activities"),
    path("activities/export/", activities.export, name="activities_export"),
    path("activities/add/", activities.add, name="activity_add"),
    path("activities/import/", activity_import.upload, name="activities_import"),
    path("activities/template/", activity_import.template, name="activities_template"),
    path("activities/<int:pk>/", activities.show, name="activity"),
    path("activities/<int:pk>/edit/", activities.edit, name="activity_edit"),
    path("activities/<int:pk>/remove/", activities.remove, name="activity_remove"),
    path("activities/<int:pk>/similar/", overlaps.similar, name="activity_similar"),
    path("activities/overlaps/", overlaps.index, name="overlaps"),
    path("activities/overlaps/export/", overlaps.export, name="overlaps_export"),
    path("activities/overlaps/<int:pk>/", overlaps.show, name="overlap"),
    path("activities/overlaps/<int:pk>/talk/", overlaps.talk, name="conversation_open"),
    path("activities/overlaps/<int:pk>/settle/", overlaps.settle, name="overlap_settle"),
    path("activities/gaps/", gaps.index, name="gaps"),
    path("activities/gaps/export/", gaps.export, name="gaps_export"),
    path("activities/conversations/", conversations.index, name="conversations"),
    path("activities/conversations/<int:pk>/", conversations.show, name="conversation"),
    path(
        "activities/conversations/<int:pk>/reply/", conversations.reply, name="conversation_reply"
    ),
    path(
        "activities/conversations/<int:pk>/close/", conversations.close, name="conversation_close"
    ),
]
