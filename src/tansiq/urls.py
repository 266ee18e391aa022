from django.conf import settings
from django.urls import include, path

from tansiq.access.views.language import set_language
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
    path("language/", set_language, name="set_language"),
    path("incidents/", include("tansiq.incidents.urls")),
    path("exchange/", include("tansiq.exchange.urls")),
    path("alerts/", include("tansiq.incidents.urls.public_alerts")),
    path("updates/", include("tansiq.incidents.urls.public")),
    # Last: it begins with a country code, such as /id/plans/.
    path("", include("tansiq.plans.urls")),
]
if settings.ADMIN:
    from django.contrib import admin

    urlpatterns.insert(0, path("admin/", admin.site.urls))
