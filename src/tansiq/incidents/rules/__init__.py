"""Who may do what in a room. Seeing is decided before, by `visible_to`."""

from tansiq.incidents.rules import (
    aftercare,
    alerts,
    exercises,
    knowing,
    levels,
    needs,
    playbooks,
    posts,
    readiness,
    reports,
    room,
    rumours,
    seats,
    statements,
    support,
    tasks,
)

__all__ = [
    "aftercare",
    "alerts",
    "exercises",
    "knowing",
    "levels",
    "needs",
    "playbooks",
    "posts",
    "readiness",
    "reports",
    "room",
    "rumours",
    "seats",
    "statements",
    "support",
    "tasks",
]
