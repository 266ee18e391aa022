"""Addresses of what is done with an item beside reading it."""

from django.urls import path

from tansiq.exchange.views import corrections, forwarding, recalls

paths = [
    path("<int:pk>/recall/", recalls.recall, name="recall"),
    path("<int:pk>/taken-back/", recalls.taken_back, name="taken_back"),
    path("<int:pk>/forward/", forwarding.forward, name="forward"),
    path("<int:pk>/forward/now/", forwarding.forward_now, name="forward_now"),
    path("<int:pk>/forward/ask/", forwarding.ask, name="ask_forward"),
    path("forward-requests/<int:pk>/", forwarding.answer, name="answer_forward"),
    path("<int:pk>/correction/", corrections.propose, name="propose_correction"),
    path("<int:pk>/correct/", corrections.correct, name="correct"),
    path("corrections/<int:pk>/", corrections.answer, name="answer_correction"),
]
