"""Addresses of the exchange, one file a subject."""

from tansiq.exchange.urls import agreements, delivery, figures, handling, items, opened

app_name = "exchange"
urlpatterns = [
    *handling.paths,
    *agreements.paths,
    *delivery.paths,
    *figures.paths,
    *items.paths,
    *opened.paths,
]
