"""Addresses of incidents, one file a subject. `room` is always the incident's key."""

from tansiq.incidents.urls import posts, queue, reports, rooms, rumours, support

app_name = "incidents"


urlpatterns = [
    *queue.paths,
    *rooms.paths,
    *posts.paths,
    *support.paths,
    *rumours.paths,
    *reports.paths,
]
