"""Which app answers which address."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("", include("workflow.urls")),
    path("", include("notifications.urls")),
    path("", include("reviews.urls")),
]
