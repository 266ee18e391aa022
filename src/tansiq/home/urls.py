from django.urls import path

from tansiq.home import views

app_name = "home"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("owed/all/", views.owed, name="owed"),
    path("search/", views.search, name="search"),
]
