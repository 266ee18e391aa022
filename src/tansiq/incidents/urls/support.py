"""Addresses of requests for support."""

from django.urls import path

from tansiq.incidents.views import support

paths = [
    path("requests/", support.owed, name="requests"),
    path("<int:room>/support/", support.index, name="supports"),
    path("<int:room>/support/ask/", support.ask, name="support_ask"),
    path("<int:room>/support/<int:pk>/", support.show, name="support"),
    path("<int:room>/support/<int:pk>/answer/", support.answer, name="support_answer"),
    path("<int:room>/support/<int:pk>/message/", support.message, name="support_message"),
    path("<int:room>/support/<int:pk>/<slug:step>/", support.step, name="support_step"),
]
