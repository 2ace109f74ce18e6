"""Which app answers which address."""

from allauth.account.views import password_reset_from_key
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path

from config import brand
from notifications.api import urls as notifications_api
from reviews.api import urls as reviews_api
from workflow.api import urls as workflow_api
from workflow.views import demo_mail

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"

FOR_PROGRAMS = [
    *workflow_api.urlpatterns,
    *notifications_api.urlpatterns,
    *reviews_api.urlpatterns,
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("brand.css", brand.stylesheet, name="brand"),
    # Before the package's own, which takes a person's key: nothing shows one.
    re_path(
        r"^account/password/reset/key/(?P<uidb36>[A-Za-z0-9_-]{32})-(?P<key>.+)/$",
        password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("account/", include("allauth.account.urls")),
    path("account/second-step/", include("workflow.signing_in.urls")),
    path("api/v1/", include((FOR_PROGRAMS, "api"))),
    path("", include("workflow.urls")),
    path("", include("notifications.urls")),
    path("", include("reviews.urls")),
]
if settings.DEMO_MAIL:
    urlpatterns.append(path("demo/mail/", demo_mail.demo_mail, name="demo-mail"))
