"""Addresses of threat and resilience pictures."""

from django.urls import path

from tansiq.plans.views import drawing, pictures

_PLACE = "places/<slug:code>/picture/"
_ONE = f"{_PLACE}<int:pk>/"

paths = [
    path(_PLACE, pictures.index, name="place_picture"),
    path(f"{_PLACE}start/", drawing.start, name="picture_start"),
    path(f"{_PLACE}over-time/", pictures.over_time, name="picture_over_time"),
    path(f"{_PLACE}neighbours/", pictures.neighbours, name="picture_neighbours"),
    path(_ONE, pictures.show, name="picture"),
    path(f"{_ONE}print/", pictures.paper, name="picture_paper"),
    path(f"{_ONE}draw/", drawing.draw, name="picture_draw"),
    path(f"{_ONE}draw/details/", drawing.details, name="picture_details"),
    path(f"{_ONE}draw/add/<slug:factor>/", drawing.add_factor, name="factor_add"),
    path(f"{_ONE}agree/", drawing.agree, name="picture_agree"),
    path(f"{_ONE}reopen/", drawing.reopen, name="picture_reopen"),
    path(f"{_ONE}remove/", drawing.remove, name="picture_remove"),
    path("factors/<int:pk>/", drawing.factor, name="factor"),
    path("factors/<int:pk>/remove/", drawing.remove_factor, name="factor_remove"),
    path("factors/<int:pk>/answer/", drawing.add_mechanism, name="mechanism_add"),
    path("mechanisms/<int:pk>/", drawing.mechanism, name="mechanism"),
    path("mechanisms/<int:pk>/remove/", drawing.remove_mechanism, name="mechanism_remove"),
]
