"""Addresses of the exchange, one file a subject."""

from tansiq.exchange.urls import agreements, delivery, items, opened

app_name = "exchange"
urlpatterns = [
    *agreements.paths,
    *delivery.paths,
    *items.paths,
    *opened.paths,
]
