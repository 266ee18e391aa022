"""Addresses of workbooks: taken out, sent in, looked at, confirmed."""

from django.urls import path

from tansiq.plans.urls.country import PLAN
from tansiq.plans.views import workbooks

paths = [
    path("reports/<int:pk>/excel/", workbooks.of_report, name="report_excel"),
    path("reports/<int:pk>/excel/file/", workbooks.report_file, name="report_excel_file"),
    path("reports/periods/<int:pk>/excel/", workbooks.of_period, name="period_excel"),
    path("reports/periods/<int:pk>/excel/make/", workbooks.make, name="period_excel_make"),
    path("workbooks/<int:pk>/", workbooks.show, name="workbook"),
    path("workbooks/<int:pk>/file/", workbooks.file, name="workbook_file"),
    path("workbooks/<int:pk>/confirm/", workbooks.confirm, name="workbook_confirm"),
    path("workbooks/<int:pk>/drop/", workbooks.drop, name="workbook_drop"),
    path(f"{PLAN}excel/", workbooks.of_plan, name="excel"),
    path(f"{PLAN}excel/file/", workbooks.plan_file, name="excel_file"),
]
