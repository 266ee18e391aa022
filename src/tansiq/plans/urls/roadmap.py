"""Addresses of the road of a plan: phases, key dates, training."""

from django.urls import path

from tansiq.plans.urls.country import PLAN
from tansiq.plans.views import roadmap

_ROAD = f"{PLAN}roadmap/"

paths = [
    path(_ROAD, roadmap.show, name="roadmap"),
    path(f"{_ROAD}training/", roadmap.training, name="training"),
    path(f"{_ROAD}training.csv", roadmap.training_file, name="training_file"),
    path(f"{_ROAD}training/new/", roadmap.add_training, name="training_add"),
    path(f"{_ROAD}training/<int:pk>/", roadmap.change_training, name="training_change"),
    path(f"{_ROAD}training/<int:pk>/remove/", roadmap.remove_training, name="training_remove"),
    path(f"{_ROAD}<slug:kind>/new/", roadmap.add, name="road_add"),
    path(f"{_ROAD}<slug:kind>/<int:pk>/", roadmap.change, name="road_change"),
    path(f"{_ROAD}<slug:kind>/<int:pk>/remove/", roadmap.remove, name="road_remove"),
]
