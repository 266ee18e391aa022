"""Addresses of the needs board of a room."""

from django.urls import path

from tansiq.incidents.views import fourws, need_steps, needs, services

_ONE = "<int:room>/needs/<int:pk>/"

paths = [
    path("<int:room>/needs/", needs.index, name="needs"),
    path("<int:room>/needs/new/", needs.enter, name="need_enter"),
    path("<int:room>/needs/families/", needs.families, name="families"),
    path(_ONE, need_steps.show, name="need"),
    path(f"{_ONE}match/", need_steps.match, name="need_match"),
    path(f"{_ONE}unmatch/<int:match>/", need_steps.unmatch, name="need_unmatch"),
    path(f"{_ONE}count/", need_steps.count, name="need_count"),
    path(f"{_ONE}close/", need_steps.close, name="need_close"),
    path(f"{_ONE}reopen/", need_steps.reopen, name="need_reopen"),
    path("<int:room>/services/", services.index, name="services"),
    path("<int:room>/services/new/", services.add, name="service_add"),
    path("<int:room>/services/excel/", fourws.send_in, name="fourws"),
    path("<int:room>/services/excel/file/", fourws.take_out, name="fourws_file"),
    path("<int:room>/services/excel/save/", fourws.confirm, name="fourws_save"),
    path("<int:room>/services/<int:pk>/", services.edit, name="service"),
]
