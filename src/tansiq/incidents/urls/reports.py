"""Addresses of situation reports and of the briefs that come back."""

from django.urls import path

from tansiq.incidents.views import briefs, reports

paths = [
    path("<int:room>/reports/", reports.index, name="reports"),
    path("<int:room>/reports/begin/", reports.begin, name="report_begin"),
    path("<int:room>/reports/<int:pk>/", reports.show, name="report"),
    path("<int:room>/reports/<int:pk>/write/", reports.write, name="report_write"),
    path("<int:room>/reports/<int:pk>/fill/", reports.fill, name="report_fill"),
    path("<int:room>/reports/<int:pk>/sign/", reports.sign, name="report_sign"),
    path("<int:room>/reports/<int:pk>/correct/", reports.correct, name="report_correct"),
    path("<int:room>/reports/<int:pk>/drop/", reports.drop, name="report_drop"),
    path("<int:room>/reports/<int:pk>/read/", reports.read, name="report_read"),
    path("<int:room>/reports/<int:pk>/changes/", reports.changes, name="report_changes"),
    path("<int:room>/reports/<int:pk>/file/<slug:kind>/", reports.file, name="report_file"),
    path("<int:room>/briefs/<int:pk>/", briefs.give, name="brief"),
    path("<int:room>/briefs/<int:pk>/remind/", briefs.remind, name="brief_remind"),
]
