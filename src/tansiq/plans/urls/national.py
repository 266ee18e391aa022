"""Addresses of the report of the nation, its editions and its documents."""

from django.urls import path

from tansiq.plans.views import editions, national

paths = [
    path("reports/periods/<int:pk>/nation/", national.start, name="national_start"),
    path("reports/nation/<int:pk>/", national.show, name="national"),
    path("reports/nation/<int:pk>/print/", national.preview, name="national_preview"),
    path("reports/nation/<int:pk>/figures/", national.figures, name="national_figures"),
    path("reports/nation/<int:pk>/final/", national.finalise, name="national_finalise"),
    path("reports/nation/<int:pk>/reopen/", national.reopen, name="national_reopen"),
    path("reports/nation/<int:pk>/write/<slug:section>/", national.write, name="national_write"),
    path("reports/nation/<int:pk>/editions/<int:number>/", editions.show, name="edition"),
    path("reports/editions/<int:pk>/document/", editions.ask, name="edition_document"),
    path("reports/documents/<int:pk>/", editions.wait, name="edition_file"),
    path("reports/documents/<int:pk>/file/", editions.download, name="edition_download"),
]
