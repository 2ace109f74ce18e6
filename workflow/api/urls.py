"""The addresses for other systems. None has a slash at its end."""

from django.urls import URLPattern, path

from workflow.api import reference, token

app_name = "api"
urlpatterns: list[URLPattern] = [
    path("authorities", reference.Authorities.as_view(), name="authorities"),
    path("codes", reference.CodeLists.as_view(), name="codes"),
    path("token", token.Token.as_view(), name="token"),
    path("token/revoke", token.Revoke.as_view(), name="revoke"),
]
