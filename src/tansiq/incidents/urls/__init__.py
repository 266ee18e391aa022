"""Addresses of incidents, one file a subject. `room` is always the incident's key."""

from tansiq.incidents.urls import rooms

app_name = "incidents"
urlpatterns = [
    *rooms.paths,
]
