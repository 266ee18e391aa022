"""Addresses of the log, the facts and the decisions of a room."""

from django.urls import path

from tansiq.incidents.views import decisions, facts, log

paths = [
    path("<int:room>/log/", log.index, name="log"),
    path("<int:room>/log/file/", log.file, name="log_file"),
    path("<int:room>/log/note/", log.note, name="note"),
    path("<int:room>/log/<int:pk>/", log.show, name="entry"),
    path("<int:room>/log/<int:pk>/correct/", log.correct, name="correct"),
    path("<int:room>/facts/", facts.index, name="facts"),
    path("<int:room>/facts/<int:pk>/", facts.show, name="fact"),
    path("<int:room>/facts/<int:pk>/change/", facts.change, name="fact_change"),
    path("<int:room>/facts/<int:pk>/withdraw/", facts.withdraw, name="fact_withdraw"),
    path("<int:room>/decisions/", decisions.index, name="decisions"),
    path("<int:room>/decisions/add/", decisions.add, name="decision_add"),
    path("<int:room>/decisions/<int:pk>/", decisions.show, name="decision"),
]
