from django.conf import settings
from django.urls import path

from tansiq.home import views

app_name = "home"
urlpatterns = [
    path("", views.desk, name="desk"),
]
if settings.DEBUG:
    urlpatterns.append(path("style/", views.style, name="style"))
