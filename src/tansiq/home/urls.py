from django.urls import path

from tansiq.home import views
from tansiq.home.api import api

app_name = "home"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("api/1/", api.urls),
    path("search/", views.search, name="search"),
]
