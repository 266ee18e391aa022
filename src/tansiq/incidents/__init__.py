"""Incidents: a city activates its response plan and runs it in a room that both levels share.

A playbook (data, versioned) is activated into an incident: its roles become seats, its tasks get
a clock. All that happens is written into the room's log, which nobody can change. An exercise is
an incident on a movable clock whose words never leave the platform. A closed incident lives on
with its milestones until it is retired, and what must go is deleted with proof.
Knows `plans`, `access` and `core`.
"""
