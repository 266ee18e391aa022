"""Addresses of items."""

from django.urls import path

from tansiq.exchange.views import items

paths = [
    path("", items.index, name="index"),
    path("<int:pk>/", items.item, name="item"),
]
