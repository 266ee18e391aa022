"""Addresses of reports, their periods and their evidence."""

from django.urls import path

from tansiq.plans.views import answering, arriving, evidence, reports, writing

paths = [
    path("reports/", reports.index, name="reports"),
    path("reports/periods/<int:pk>/", reports.period, name="period"),
    path("reports/periods/<int:pk>/remind/", reports.remind, name="period_remind"),
    path("reports/start/<int:pk>/<slug:code>/", reports.start, name="report_start"),
    path("reports/<int:pk>/", answering.show, name="report"),
    path("reports/<int:pk>/write/", writing.write, name="report_write"),
    path("reports/<int:pk>/keep/", writing.keep, name="report_keep"),
    path("reports/<int:pk>/arrive/", arriving.arrive, name="report_arrive"),
    path("reports/<int:pk>/send/", writing.send, name="report_send"),
    path("reports/<int:pk>/receipt/", reports.receipt, name="report_receipt"),
    path("reports/<int:pk>/accept/", answering.accept, name="report_accept"),
    path("reports/<int:pk>/return/", answering.send_back, name="report_return"),
    path("reports/<int:pk>/answer/", answering.answer, name="report_answer"),
    path("reports/<int:pk>/reopen/", answering.reopen, name="report_reopen"),
    path("reports/<int:pk>/reply/", answering.say, name="report_reply"),
    path("reports/<int:pk>/remind/", answering.remind, name="report_remind"),
    path("reports/<int:pk>/evidence/", evidence.add, name="evidence_add"),
    path("reports/values/<int:pk>/correct/", answering.correct, name="value_correct"),
    path("reports/values/<int:pk>/withdraw/", answering.withdraw, name="value_withdraw"),
    path("evidence/<int:pk>/", evidence.download, name="evidence"),
    path("evidence/<int:pk>/remove/", evidence.remove, name="evidence_remove"),
]
