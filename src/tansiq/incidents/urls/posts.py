"""Addresses of the roles that are held all year."""

from django.urls import path

from tansiq.incidents.views import posts

paths = [
    path("roles/", posts.mine, name="roles"),
    path("roles/<slug:slug>/", posts.roles_page, name="roles_of"),
    path("roles/<slug:slug>/<slug:role>/name/", posts.name, name="post_add"),
    path("posts/<int:pk>/", posts.edit, name="post_change"),
    path("posts/<int:pk>/first/", posts.put_first, name="post_first"),
    path("posts/<int:pk>/remove/", posts.remove, name="post_remove"),
]
