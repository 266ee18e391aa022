"""Addresses of the exchange, one file a subject."""

from tansiq.exchange.urls import agreements, items, opened

app_name = "exchange"
urlpatterns = [
    *agreements.paths,
    *items.paths,
    *opened.paths,
]
