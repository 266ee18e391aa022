from django.conf import settings
from django.urls import include, path

from tansiq.home.api import api

handler400 = "tansiq.core.views.bad_request"
handler403 = "tansiq.core.views.not_allowed"
handler404 = "tansiq.core.views.not_found"
handler500 = "tansiq.core.views.fault"

urlpatterns = [
    path("", include("tansiq.core.urls")),
    path("", include("tansiq.home.urls")),
    path("", include("tansiq.access.urls")),
    path("account/", include("allauth.urls")),
    path("api/1/", api.urls),
    # The language switch.
    path("language/", include("django.conf.urls.i18n")),
    # Last: it begins with a country code, such as /id/plans/.
    path("", include("tansiq.plans.urls")),
]
if settings.ADMIN:
    from django.contrib import admin

    urlpatterns.insert(0, path("admin/", admin.site.urls))
