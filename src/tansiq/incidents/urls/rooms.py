"""Addresses of the list of incidents and of a room."""

from django.urls import path

from tansiq.incidents.views import rooms

paths = [
    path("", rooms.index, name="index"),
    path("<int:room>/", rooms.room, name="room"),
]
