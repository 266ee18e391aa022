"""Addresses of the exchange, one file a subject."""

from tansiq.exchange.urls import items

app_name = "exchange"
urlpatterns = [
    *items.paths,
]
