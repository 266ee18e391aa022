"""Addresses of what everybody reads of a plan, and of its documents."""

from django.urls import path

from tansiq.plans.urls.country import PLAN
from tansiq.plans.views import documents, iati, public

paths = [
    path(f"{PLAN}public/", public.choose, name="public_choose"),
    path(f"{PLAN}public/<slug:language>/", public.show, name="public"),
    path(f"{PLAN}public/<slug:language>/feed.atom", public.atom, name="public_atom"),
    path(f"{PLAN}public/<slug:language>/feed.json", public.json_feed, name="public_feed"),
    path(f"{PLAN}iati.xml", iati.iati, name="iati"),
    path(f"{PLAN}documents/", documents.index, name="documents"),
    path(f"{PLAN}documents/add/", documents.add, name="document_add"),
    path(f"{PLAN}contact/", documents.contact, name="contact"),
    path(f"{PLAN}contact/withdraw/", documents.withdraw_contact, name="contact_withdraw"),
    path("documents/<int:pk>/", documents.download, name="document"),
    path("documents/<int:pk>/publish/", documents.publish, name="document_publish"),
    path("documents/<int:pk>/unpublish/", documents.unpublish, name="document_unpublish"),
    path("documents/<int:pk>/remove/", documents.remove, name="document_remove"),
]
