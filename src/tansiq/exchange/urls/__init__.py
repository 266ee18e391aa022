"""Addresses of the exchange, one file a subject."""

from tansiq.exchange.urls import (
    agreements,
    delivery,
    figures,
    handling,
    items,
    obligations,
    opened,
)

app_name = "exchange"
urlpatterns = [
    *handling.paths,
    *agreements.paths,
    *delivery.paths,
    *figures.paths,
    *items.paths,
    *obligations.paths,
    *opened.paths,
]
