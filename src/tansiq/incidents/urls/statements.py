"""Addresses of statements in a room."""

from django.urls import path

from tansiq.incidents.views import statement_steps as steps
from tansiq.incidents.views import statements

_ALL = "<int:room>/statements/"
_ONE = f"{_ALL}<int:number>/"

paths = [
    path(_ALL, statements.index, name="statements"),
    path(f"{_ALL}new/", statements.choose, name="statement_choose"),
    path(f"{_ALL}write/", statements.write, name="statement_write"),
    path(f"{_ALL}new/<slug:key>/", statements.begin, name="statement_begin"),
    path(_ONE, statements.show_one, name="statement"),
    path(f"{_ONE}edit/", statements.edit, name="statement_edit"),
    path(f"{_ONE}print/", statements.printed, name="statement_print"),
    path(f"{_ONE}send/", steps.send, name="statement_send"),
    path(f"{_ONE}approve/", steps.approve, name="statement_approve"),
    path(f"{_ONE}override/", steps.override, name="statement_override"),
    path(f"{_ONE}release/", steps.release, name="statement_release"),
    path(f"{_ONE}note/", steps.note, name="statement_note"),
    path(f"{_ONE}withdraw/", steps.withdraw, name="statement_withdraw"),
]
