"""The addresses for other systems. None has a slash at its end."""

from django.urls import URLPattern, path, register_converter

from workflow.api import cases, reference, token

register_converter(cases.CaseConverter, "case")

app_name = "api"
urlpatterns: list[URLPattern] = [
    path("cases", cases.Cases.as_view(), name="cases"),
    path("cases/<case:token>", cases.OneCase.as_view(), name="case"),
    path("cases/<case:token>/deadlines", cases.Deadlines.as_view(), name="deadlines"),
    path("cases/<case:token>/events", cases.Events.as_view(), name="events"),
    path("authorities", reference.Authorities.as_view(), name="authorities"),
    path("codes", reference.CodeLists.as_view(), name="codes"),
    path("token", token.Token.as_view(), name="token"),
    path("token/revoke", token.Revoke.as_view(), name="revoke"),
]
