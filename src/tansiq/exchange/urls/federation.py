"""Addresses of other platforms: for their keepers, and for the platforms themselves."""

from django.urls import path

from tansiq.exchange.views import federation_line

paths = [
    path(
        "line/<uuid:chain>/<int:sequence>/<slug:digest>/",
        federation_line.incoming,
        name="incoming",
    ),
    path("line/waiting/", federation_line.waiting, name="waiting"),
]
