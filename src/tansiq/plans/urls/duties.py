"""Addresses of what is owed to places."""

from django.urls import path

from tansiq.plans.views import duties

paths = [
    path("owed/", duties.owed, name="owed"),
    path("owed/<int:pk>/", duties.deliver, name="deliver"),
    path("owed/<int:pk>/confirm/", duties.confirm, name="delivery_confirm"),
    path("owed/<int:pk>/dispute/", duties.dispute, name="delivery_dispute"),
    path("owed/<int:pk>/remind/", duties.remind_of, name="delivery_remind"),
    path("owed/duties/<int:pk>/", duties.duty, name="duty"),
    path("owed/duties/<int:pk>/give/", duties.give, name="duty_give"),
]
