"""Addresses of the requests of newsrooms and of the press office."""

from django.urls import path

from tansiq.incidents.views import media

_ALL = "<int:room>/media/"

paths = [
    path(_ALL, media.index, name="media"),
    path(f"{_ALL}new/", media.log, name="media_log"),
    path(f"{_ALL}office/", media.press_office, name="press_office"),
    path(f"{_ALL}office/publish/", media.publish, name="press_office_publish"),
    path(f"{_ALL}<int:pk>/", media.show_one, name="media_request"),
]
