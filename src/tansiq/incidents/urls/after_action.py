"""Addresses of the after-action report."""

from django.urls import path

from tansiq.incidents.views import after_action

_HERE = "<int:room>/after-action"

paths = [
    path(f"{_HERE}/", after_action.after_action, name="after_action"),
    path(f"{_HERE}/report.<str:kind>", after_action.file, name="after_action_file"),
    path(f"{_HERE}/write/", after_action.write, name="after_action_write"),
    path(f"{_HERE}/share/", after_action.share, name="share_after_action"),
    path(f"{_HERE}/findings/add/", after_action.finding_add, name="finding_add"),
    path(f"{_HERE}/findings/<int:pk>/", after_action.finding_edit, name="finding_edit"),
    path(f"{_HERE}/findings/<int:pk>/remove/", after_action.finding_remove, name="finding_remove"),
    path(
        f"{_HERE}/findings/<int:finding>/to-do/", after_action.corrective_add, name="corrective_add"
    ),
    path(f"{_HERE}/to-do/<int:pk>/", after_action.corrective_edit, name="corrective_edit"),
    path(
        f"{_HERE}/to-do/<int:pk>/remove/", after_action.corrective_remove, name="corrective_remove"
    ),
    path(f"{_HERE}/to-do/<int:pk>/plan/", after_action.corrective_carry, name="corrective_carry"),
    path(f"{_HERE}/heard/add/", after_action.debrief_add, name="debrief_add"),
    path(f"{_HERE}/heard/<int:pk>/remove/", after_action.debrief_remove, name="debrief_remove"),
]
