"""Addresses of the figures."""

from django.urls import path

from tansiq.exchange.views import figures

paths = [
    path("figures/", figures.own, name="figures"),
    path("figures/export.<str:form>", figures.own_export, name="figures_export"),
    path("figures/<slug:country>/", figures.country, name="country_figures"),
    path(
        "figures/<slug:country>/export.<str:form>",
        figures.country_export,
        name="country_figures_export",
    ),
]
