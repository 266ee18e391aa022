"""Addresses of proposals to a national plan."""

from django.urls import path

from tansiq.plans.urls.country import PLAN
from tansiq.plans.views import proposal_answers, proposals

_ONE = f"{PLAN}proposals/<int:pk>/"

paths = [
    path(f"{PLAN}proposals/", proposals.index, name="proposals"),
    path(f"{PLAN}proposals/new/", proposals.write, name="propose"),
    path(_ONE, proposals.show_one, name="proposal"),
    path(f"{_ONE}edit/", proposals.edit, name="proposal_edit"),
    path(f"{_ONE}send/", proposals.send, name="proposal_send"),
    path(f"{_ONE}withdraw/", proposals.withdraw, name="proposal_withdraw"),
    path(f"{_ONE}support/", proposals.support, name="proposal_support"),
    path(f"{_ONE}remind/", proposals.remind, name="proposal_remind"),
    path(f"{_ONE}consider/", proposal_answers.consider, name="proposal_consider"),
    path(f"{_ONE}answer/", proposal_answers.answer, name="proposal_answer"),
    path(f"{_ONE}merge/", proposal_answers.merge, name="proposal_merge"),
    path(f"{_ONE}unmerge/", proposal_answers.unmerge, name="proposal_unmerge"),
    path(f"{_ONE}link/", proposal_answers.link, name="proposal_link"),
    path(f"{_ONE}unlink/", proposal_answers.unlink, name="proposal_unlink"),
]
