"""Addresses of the list of incidents, of a room and of what an open page of it asks."""

from django.urls import path

from tansiq.incidents.views import live, rooms

paths = [
    path("", rooms.index, name="index"),
    path("<int:room>/", rooms.room, name="room"),
    path("<int:room>/part/<slug:name>/", rooms.part, name="part"),
    path("<int:room>/live/", live.live, name="live"),
    path("<int:room>/poll/", live.poll, name="poll"),
    path("<int:room>/line/<int:pk>/", live.line, name="line"),
    path("<int:room>/here/", live.here, name="here"),
]
