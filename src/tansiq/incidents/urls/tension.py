"""Addresses of tension readings, counts of hate incidents and the second-wave watch."""

from django.urls import path

from tansiq.incidents.views import tension

paths = [
    path("<int:room>/tension/", tension.index, name="tension"),
    path("<int:room>/tension/new/", tension.read, name="tension_read"),
    path("<int:room>/tension/<int:pk>/withdraw/", tension.withdraw, name="tension_withdraw"),
    path("<int:room>/tension/hate/", tension.hate, name="hate_count"),
    path("<int:room>/tension/watch/", tension.watch, name="watch"),
]
