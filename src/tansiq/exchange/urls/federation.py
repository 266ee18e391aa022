"""Addresses of other platforms: for their keepers, and for the platforms themselves."""

from django.urls import path

from tansiq.exchange.views import federation, federation_line

paths = [
    path("platforms/", federation.index, name="peers"),
    path("platforms/new/", federation.introduce, name="peer_introduce"),
    path("platforms/<int:pk>/", federation.peer, name="peer"),
    path("platforms/<int:pk>/change/", federation.change, name="peer_change"),
    path("platforms/<int:pk>/bodies/", federation.add_body, name="peer_add_body"),
    path(
        "platforms/<int:pk>/bodies/<int:body>/remove/",
        federation.remove_body,
        name="peer_remove_body",
    ),
    path("platforms/<int:pk>/export/", federation.export, name="peer_export"),
    path("platforms/<int:pk>/bring/", federation.bring, name="peer_bring"),
    *(
        path(f"platforms/<int:pk>/{name}/", federation.step, {"name": name}, name=f"peer_{name}")
        for name in ("trust", "pause", "end", "anew")
    ),
    path(
        "line/<uuid:chain>/<int:sequence>/<slug:digest>/",
        federation_line.incoming,
        name="incoming",
    ),
    path("line/waiting/", federation_line.waiting, name="waiting"),
]
