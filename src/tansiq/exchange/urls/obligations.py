"""Addresses of what is owed and of standing duties."""

from django.urls import path

from tansiq.exchange.views import obligations, rhythms

paths = [
    path("owed/", obligations.owed, name="owed"),
    path("owed/<int:pk>/", obligations.obligation, name="obligation"),
    path("owed/<int:pk>/give/", obligations.give_it, name="obligation_give"),
    path("owed/<int:pk>/confirm/", obligations.confirm_it, name="obligation_confirm"),
    path("owed/<int:pk>/dispute/", obligations.dispute_it, name="obligation_dispute"),
    path("owed/<int:pk>/waive/", obligations.waive_it, name="obligation_waive"),
    path("owed/<int:pk>/remind/", obligations.remind_it, name="obligation_remind"),
    path("<int:pk>/remind/", obligations.remind_all, name="remind_recipients"),
    path("<int:pk>/gives/", obligations.give_with, name="gives"),
    path("rhythms/", rhythms.index, name="rhythms"),
    path("rhythms/new/<slug:slug>/", rhythms.new, name="rhythm_new"),
    path("rhythms/<int:pk>/", rhythms.rhythm, name="rhythm"),
    path("rhythms/<int:pk>/edit/", rhythms.edit, name="rhythm_edit"),
    path("rhythms/<int:pk>/end/", rhythms.end, name="rhythm_end"),
]
