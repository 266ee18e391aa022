"""Addresses of alerts of others and of their sources."""

from django.urls import path

from tansiq.incidents.views import received

paths = [
    path("alerts/", received.index, name="received"),
    path("alerts/<int:pk>/", received.show, name="received_alert"),
    path("alerts/<int:pk>/file/", received.as_file, name="received_file"),
    path("alerts/bring/<int:organisation>/", received.bring, name="alert_bring"),
    path("alerts/sources/new/<int:organisation>/", received.keep, name="alert_source_keep"),
    path("alerts/sources/<int:pk>/", received.source, name="alert_source"),
    path("alerts/sources/<int:pk>/change/", received.change, name="alert_source_change"),
]
