"""Addresses of the alerts that anybody may fetch; other systems know them by heart."""

from django.urls import path

from tansiq.incidents.views import public_alerts

app_name = "alerts"
urlpatterns = [
    path("", public_alerts.index, name="index"),
    path("feed.atom", public_alerts.feed, name="feed"),
    path("<uuid:public_id>/", public_alerts.show, name="show"),
    path("<uuid:public_id>.xml", public_alerts.as_file, name="file"),
]
