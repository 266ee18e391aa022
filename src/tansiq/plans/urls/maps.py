"""Addresses of the map of a plan and of its files."""

from django.urls import path

from tansiq.plans.urls.country import PLAN
from tansiq.plans.views import maps

paths = [
    path(f"{PLAN}map/", maps.show, name="map"),
    path(f"{PLAN}map.geojson", maps.geojson, name="map_geojson"),
    path(f"{PLAN}map.csv", maps.table, name="map_table"),
]
