"""Addresses of holds and of what was deleted."""

from django.urls import path

from tansiq.exchange.views import retention

paths = [
    path("holds/", retention.holds, name="holds"),
    path("holds/find/", retention.find_item, name="hold_find"),
    path("holds/<int:pk>/", retention.hold, name="hold"),
    path("holds/<int:pk>/renew/", retention.renew, name="hold_renew"),
    path("holds/<int:pk>/release/", retention.release, name="hold_release"),
    path("<int:pk>/hold/", retention.place, name="hold_place"),
    path("<int:pk>/extend/", retention.extend, name="extend"),
    path("deleted/", retention.purges, name="purges"),
    path("deleted/deleted.csv", retention.purges_csv, name="purges_csv"),
    path("deleted/deleted.pdf", retention.purges_pdf, name="purges_pdf"),
    path("deleted/<int:pk>/", retention.purge, name="purge"),
]
