"""The addresses for other systems. None has a slash at its end."""

from django.urls import URLPattern, path

from workflow.api import cases, openapi, reference, token
from workflow.api.cases import CASE

app_name = "api"
urlpatterns: list[URLPattern] = [
    path("cases", cases.Cases.as_view(), name="cases"),
    path(CASE, cases.OneCase.as_view(), name="case"),
    path(f"{CASE}/deadlines", cases.Deadlines.as_view(), name="deadlines"),
    path(f"{CASE}/events", cases.Events.as_view(), name="events"),
    path("authorities", reference.Authorities.as_view(), name="authorities"),
    path("codes", reference.CodeLists.as_view(), name="codes"),
    path("openapi.json", openapi.Described.as_view(), name="openapi"),
    path("token", token.Token.as_view(), name="token"),
    path("token/revoke", token.Revoke.as_view(), name="revoke"),
]
