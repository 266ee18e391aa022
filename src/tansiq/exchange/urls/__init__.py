"""Addresses of the exchange, one file a subject."""

from tansiq.exchange.urls import (
    agreements,
    consultations,
    delivery,
    federation,
    figures,
    groups,
    handling,
    items,
    obligations,
    opened,
    retention,
)

app_name = "exchange"
urlpatterns = [
    *handling.paths,
    *agreements.paths,
    *consultations.paths,
    *delivery.paths,
    *federation.paths,
    *figures.paths,
    *items.paths,
    *obligations.paths,
    *groups.paths,
    *opened.paths,
    *retention.paths,
]
