"""Addresses of the rumour desk of a room."""

from django.urls import path

from tansiq.incidents.views import rumour_steps, rumours

_ONE = "<int:room>/rumours/<int:pk>/"

paths = [
    path("<int:room>/rumours/", rumours.index, name="rumours"),
    path("<int:room>/rumours/new/", rumours.enter, name="rumour_enter"),
    path("<int:room>/rumours/bulletin/", rumours.bulletin, name="bulletin"),
    path("<int:room>/rumours/trends/", rumours.trends, name="rumour_trends"),
    path(_ONE, rumour_steps.show, name="rumour"),
    path(f"{_ONE}again/", rumours.again, name="rumour_again"),
    path(f"{_ONE}triage/", rumour_steps.triage, name="rumour_triage"),
    path(f"{_ONE}ask/", rumour_steps.ask, name="rumour_ask"),
    path(f"{_ONE}answers/<int:check>/", rumour_steps.answer, name="rumour_answer"),
    path(f"{_ONE}outcome/", rumour_steps.decide, name="rumour_decide"),
    path(f"{_ONE}text/<slug:language>/", rumour_steps.correct, name="rumour_correct"),
    path(f"{_ONE}clear/", rumour_steps.clear, name="rumour_clear"),
    path(f"{_ONE}release/", rumour_steps.release, name="rumour_release"),
    path(f"{_ONE}close/", rumour_steps.close, name="rumour_close"),
    path(f"{_ONE}reopen/", rumour_steps.reopen, name="rumour_reopen"),
]
