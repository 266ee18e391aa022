"""Addresses of what is for everybody, and of items as files."""

from django.urls import path

from tansiq.exchange.views import opened

paths = [
    path("open/", opened.index, name="open"),
    path("open/feed.json", opened.feed, name="open_feed"),
    path("open/<int:pk>/", opened.item, name="open_item"),
    path("<int:pk>/stix.json", opened.stix, name="stix"),
]
