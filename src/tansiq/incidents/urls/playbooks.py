"""Addresses of playbooks."""

from django.urls import path

from tansiq.incidents.views import playbook_writing as writing
from tansiq.incidents.views import playbooks

_ONE = "playbooks/<int:pk>/"

paths = [
    path("playbooks/", playbooks.index, name="playbooks"),
    path("playbooks/start/", writing.start, name="start_playbook"),
    path(_ONE, playbooks.show, name="playbook"),
    path(f"{_ONE}paper/", playbooks.paper, name="playbook_paper"),
    path(f"{_ONE}versions/", playbooks.versions, name="playbook_versions"),
    path(f"{_ONE}compare/", playbooks.compare, name="playbook_compare"),
    path(f"{_ONE}playbook.yaml", playbooks.export, name="playbook_export"),
    path(f"{_ONE}text/", writing.text, name="playbook_text"),
    path(f"{_ONE}publish/", writing.publish, name="publish_playbook"),
    path(f"{_ONE}discard/", writing.discard, name="discard_playbook_draft"),
    path(f"{_ONE}tasks/", writing.task, name="playbook_task_add"),
    path(f"{_ONE}tasks/<slug:key>/", writing.task, name="playbook_task"),
    path(f"{_ONE}tasks/<slug:key>/remove/", writing.remove, name="playbook_task_remove"),
    path(f"{_ONE}<slug:section>/", playbooks.section, name="playbook_section"),
]
