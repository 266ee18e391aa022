"""Addresses of the alerts of a room."""

from django.urls import path

from tansiq.incidents.views import alerts

_ONE = "<int:room>/alerts/<int:pk>/"
paths = [
    path("<int:room>/alerts/", alerts.index, name="alerts"),
    path("<int:room>/alerts/new/", alerts.write, name="alert_draft"),
    path(_ONE, alerts.show, name="alert"),
    path(f"{_ONE}change/", alerts.change, name="alert_change"),
    path(f"{_ONE}ask/", alerts.ask, name="alert_ask"),
    path(f"{_ONE}sign/", alerts.cosign, name="alert_cosign"),
    path(f"{_ONE}return/", alerts.give_back, name="alert_return"),
    path(f"{_ONE}drop/", alerts.drop, name="alert_drop"),
    path(f"{_ONE}update/", alerts.update, name="alert_update"),
    path(f"{_ONE}cancel/", alerts.cancel, name="alert_cancel"),
    path(f"{_ONE}file/", alerts.as_file, name="alert_file"),
]
