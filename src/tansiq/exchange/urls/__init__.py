"""Addresses of the exchange, one file a subject."""

from tansiq.exchange.urls import items, opened

app_name = "exchange"
urlpatterns = [
    *items.paths,
    *opened.paths,
]
