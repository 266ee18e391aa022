"""Addresses of readiness and of role cards."""

from django.urls import path

from tansiq.incidents.views import readiness

paths = [
    path("readiness/", readiness.mine, name="readiness"),
    path("readiness/<slug:slug>/", readiness.readiness, name="readiness_of"),
    path("readiness/<slug:slug>/pack/", readiness.pack, name="pack"),
    path("readiness/<slug:slug>/tasks/<slug:task>/", readiness.review, name="review"),
    path("roles/<slug:slug>/<slug:role>/card/", readiness.card, name="role_card"),
]
