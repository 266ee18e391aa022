"""Addresses under /updates/, for everybody."""

from django.urls import path

from tansiq.incidents.views import updates

app_name = "updates"
urlpatterns = [
    path("<slug:code>/", updates.choose, name="choose"),
    path("<slug:code>/<slug:language>/", updates.show, name="show"),
    path("<slug:code>/<slug:language>/feed.atom", updates.atom, name="atom"),
    path("<slug:code>/<slug:language>/media/", updates.media, name="media"),
]
