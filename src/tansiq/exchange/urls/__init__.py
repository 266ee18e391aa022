"""Addresses of the exchange, one file a subject."""

from tansiq.exchange.urls import agreements, delivery, handling, items, opened

app_name = "exchange"
urlpatterns = [
    *handling.paths,
    *agreements.paths,
    *delivery.paths,
    *items.paths,
    *opened.paths,
]
