"""Addresses of what is done with an item beside reading it."""

from django.urls import path

from tansiq.exchange.views import corrections, forwarding, passing_on, recalls, reviews, tearlines

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
    path("<int:pk>/lesser/", tearlines.begin, name="write_lesser"),
    path("<int:pk>/check/", tearlines.beside, name="see_check"),
    path("<int:pk>/check/release/", tearlines.let_out, name="release"),
    path("<int:pk>/review/", reviews.review, name="review"),
    path("<int:pk>/pass-on/", passing_on.pass_on, name="pass_on"),
    path("<int:pk>/pass-on/allow/", passing_on.allow, name="allow_passing_on"),
    path("<int:pk>/tell-source/", passing_on.tell, name="tell_source"),
]
