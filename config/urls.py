"""Which app answers which address."""

from django.urls import include, path

from config import brand

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"

urlpatterns = [
    path("brand.css", brand.stylesheet, name="brand"),
    path("account/", include("allauth.account.urls")),
    path("", include("workflow.urls")),
    path("", include("notifications.urls")),
    path("", include("reviews.urls")),
]
