"""Addresses of exercises."""

from django.urls import path

from tansiq.incidents.views import exercise_parts, exercises

_ROOM = "<int:room>"
_INJECT = f"{_ROOM}/exercise/injects/<int:pk>"
_AIM = f"{_ROOM}/exercise/objectives/<int:pk>"
_TEAM = f"{_ROOM}/exercise/teams/<int:pk>"

paths = [
    path("practise/", exercise_parts.practise, name="practise"),
    path(f"{_ROOM}/exercise/", exercises.exercise, name="exercise"),
    path(f"{_ROOM}/exercise/set-up/", exercises.set_up, name="set_up_exercise"),
    path(f"{_ROOM}/exercise/clock/", exercises.move_clock, name="move_clock"),
    path(f"{_ROOM}/exercise/observe/", exercises.observe, name="observe"),
    path(f"{_ROOM}/exercise/people/", exercise_parts.facilitators, name="facilitators"),
    path(f"{_ROOM}/exercise/injects/add/", exercise_parts.inject_add, name="inject_add"),
    path(f"{_INJECT}/", exercise_parts.inject_edit, name="inject_edit"),
    path(f"{_INJECT}/remove/", exercise_parts.inject_remove, name="inject_remove"),
    path(f"{_INJECT}/give/", exercises.inject_give, name="inject_give"),
    path(f"{_INJECT}/leave-out/", exercises.inject_skip, name="inject_skip"),
    path(f"{_INJECT}/again/", exercises.inject_again, name="inject_again"),
    path(f"{_INJECT}/answered/", exercises.inject_answered, name="inject_answered"),
    path(f"{_ROOM}/exercise/objectives/add/", exercise_parts.aim_add, name="aim_add"),
    path(f"{_AIM}/", exercise_parts.aim_edit, name="aim_edit"),
    path(f"{_AIM}/remove/", exercise_parts.aim_remove, name="aim_remove"),
    path(f"{_ROOM}/exercise/teams/add/", exercise_parts.team_add, name="team_add"),
    path(f"{_TEAM}/", exercise_parts.team_edit, name="team_edit"),
    path(f"{_TEAM}/remove/", exercise_parts.team_remove, name="team_remove"),
    path(f"{_ROOM}/injects/", exercises.injects, name="injects"),
]
