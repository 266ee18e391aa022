"""Addresses of incidents, one file a subject. `room` is always the incident's key."""

from tansiq.incidents.urls import (
    after_action,
    aftercare,
    alerts,
    exercises,
    levels,
    log,
    media,
    needs,
    playbooks,
    posts,
    queue,
    readiness,
    received,
    reports,
    rooms,
    rumours,
    seats,
    statements,
    support,
    tasks,
)

app_name = "incidents"


urlpatterns = [
    *after_action.paths,
    *received.paths,
    *exercises.paths,
    *alerts.paths,
    *playbooks.paths,
    *log.paths,
    *posts.paths,
    *readiness.paths,
    *queue.paths,
    *reports.paths,
    *rooms.paths,
    *rumours.paths,
    *statements.paths,
    *media.paths,
    *support.paths,
    *tasks.paths,
    *seats.paths,
    *levels.paths,
    *needs.paths,
    *aftercare.paths,
]
