"""The address a device asks before it sends what it kept."""

from django.urls import path

from tansiq.incidents.views import queue

paths = [
    path("queue/", queue.hello, name="queue"),
]
