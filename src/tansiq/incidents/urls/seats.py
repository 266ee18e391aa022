"""Addresses of activation, of calls and their answers, and of the roles of a room."""

from django.urls import path

from tansiq.incidents.views import activating, seats

paths = [
    path("activate/", activating.activate, name="activate"),
    path("answer/<str:key>/", seats.answer_by_link, name="answer"),
    path("<int:room>/roles/", seats.seats, name="seats"),
    path("<int:room>/roles/<int:pk>/next/", seats.call_next, name="call"),
    path("<int:room>/roles/<int:pk>/take/", seats.take, name="seat_take"),
    path("<int:room>/roles/<int:pk>/leave/", seats.leave, name="seat_leave"),
    path("<int:room>/roles/<int:pk>/hand-over/", seats.hand_over, name="hand_over"),
    path("<int:room>/roles/bodies/", seats.let_take_part, name="let_take_part"),
    path("<int:room>/calls/<int:pk>/", seats.answer_in_room, name="answer_in_room"),
    path("<int:room>/calls/<int:pk>/again/", seats.call_again, name="call_again"),
    path("<int:room>/calls/<int:pk>/record/", seats.record_answer, name="call_record"),
]
