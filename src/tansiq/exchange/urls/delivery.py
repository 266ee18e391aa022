"""Addresses of how people and offices hear of items."""

from django.urls import path

from tansiq.exchange.views import delivery

paths = [
    path("delivery/", delivery.mine, name="delivery"),
    path("delivery/<slug:slug>/add/", delivery.add, name="route_add"),
    path("delivery/routes/<int:pk>/", delivery.change, name="route"),
    path("delivery/routes/<int:pk>/remove/", delivery.remove, name="route_remove"),
]
